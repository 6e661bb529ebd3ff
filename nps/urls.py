"""Addresses of the surveys."""

from django.urls import path

from nps import views

app_name = "nps"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("answers/", views.answers, name="answers"),
    path("import/", views.upload, name="upload"),
    path("blank/", views.blank_workbook, name="blank"),
    path("<int:pk>/workbook/", views.workbook, name="workbook"),
]
