from django.urls import path

from innendienst.first_hour import views

urlpatterns = [
    path("", views.first_hour, name="first_hour"),
    path("company/", views.company, name="first_hour_company"),
]
