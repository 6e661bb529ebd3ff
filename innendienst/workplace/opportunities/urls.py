"""Addresses of the opportunities."""

from django.urls import path

from innendienst.workplace.opportunities import detail, views

app_name = "opportunities"

urlpatterns = [
    path("", views.opportunity_list, name="list"),
    path("export/", views.opportunity_export, name="export"),
    path("many/", views.opportunities_act, name="many"),
    path("undo/", views.opportunities_undo, name="undo"),
    path("<int:pk>/", detail.opportunity_detail, name="detail"),
    path("<int:pk>/act/", detail.opportunity_act, name="act"),
    path("<int:pk>/quotes/<int:version>/", detail.quote_file, name="quote_file"),
]
