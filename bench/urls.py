"""The product's addresses and the floors they are measured against."""

from django.urls import path

from bench import floors
from innendienst.urls import urlpatterns as product

urlpatterns = [*product, path("bench/constant/", floors.constant), path("bench/table50/", floors.table50)]
