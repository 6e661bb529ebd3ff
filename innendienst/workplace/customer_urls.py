"""Addresses of the customers: pages that put several apps together, and after them those of the customers' own app."""

from django.urls import path

from customers import urls as own
from innendienst.workplace import customer_pages

app_name = "customers"

urlpatterns = [
    path("", customer_pages.customer_list, name="list"),
    path("owners/", customer_pages.owner_assign, name="assign"),
    path("pick/", customer_pages.customers_pick, name="pick"),
    *own.urlpatterns,
]
