"""Addresses of the measures."""

from django.urls import path

from innendienst.workplace.measures import reasons, views

app_name = "measures"

urlpatterns = [
    path("", views.measure_list, name="list"),
    path("add/", views.measure_add, name="add"),
    path("of-survey/<int:pk>/", reasons.of_reason, name="of_reason"),
    path("<int:pk>/", views.measure_detail, name="detail"),
    path("<int:pk>/move/", views.measure_move, name="move"),
]
