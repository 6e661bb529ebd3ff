"""Addresses of the pages that need the customers' own tables alone; innendienst/workplace/customers/urls.py adds the others."""

from django.urls import path

from customers import views

urlpatterns = [
    path("<int:pk>/history/", views.history, name="history"),
    path("<int:pk>/orders/", views.order_list, name="orders"),
    path("<int:pk>/orders/<int:order_pk>/", views.order_detail, name="order"),
]
