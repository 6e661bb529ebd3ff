"""Addresses of the saved filters."""

from django.urls import path

from innendienst.workplace.segments import views

app_name = "segments"

urlpatterns = [
    path("", views.segment_list, name="list"),
    path("add/", views.segment_edit, name="add"),
    path("count/", views.segment_count, name="count"),
    path("<int:pk>/", views.segment_edit, name="edit"),
    path("<int:pk>/delete/", views.segment_delete, name="delete"),
]
