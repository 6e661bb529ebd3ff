"""Addresses of hand-overs and of the agreement between inside and field sales."""

from django.urls import path

from innendienst.workplace.handovers import acts, asking, coordination, views

app_name = "handovers"

urlpatterns = [
    path("", views.handover_list, name="list"),
    path("ask/<int:pk>/", asking.handover_ask, name="ask"),
    path("coordination/", coordination.coordination_list, name="coordination"),
    path("coordination/<int:pk>/", coordination.coordination_say, name="say"),
    path("wish/<int:pk>/", coordination.wish_change, name="wish"),
    path("<int:pk>/", views.handover_detail, name="detail"),
    path("<int:pk>/<slug:act>/", acts.handover_act, name="act"),
]
