"""Addresses that customers open: no sign-in, the link itself is the key."""

from django.urls import path

from nps.public import views

app_name = "survey"

urlpatterns = [
    path("<str:token>/", views.answer, name="answer"),
    path("<str:token>/stop/", views.stop, name="stop"),
]
