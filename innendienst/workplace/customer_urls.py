"""Addresses of the customers: pages that put several apps together, and after them those of the customers' own app."""

from django.urls import path

from customers import urls as own
from innendienst.workplace import customer_detail, customer_pages

app_name = "customers"

urlpatterns = [
    path("", customer_pages.customer_list, name="list"),
    path("owners/", customer_pages.owner_assign, name="assign"),
    path("pick/", customer_pages.customers_pick, name="pick"),
    path("<int:pk>/", customer_detail.customer_detail, name="detail"),
    path("<int:pk>/follow-ups/", customer_detail.follow_up_add, name="follow_up_add"),
    *own.urlpatterns,
]
