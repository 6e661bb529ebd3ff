"""Addresses of recommenders and the contacts they name."""

from django.urls import path

from innendienst.workplace.referrals import detail, naming, views

app_name = "referrals"

urlpatterns = [
    path("", views.referral_list, name="list"),
    path("recommenders/", views.recommender_list, name="recommenders"),
    path("card/", views.card, name="card"),
    path("customers/<int:pk>/add/", naming.referral_add, name="add"),
    path("<int:pk>/", detail.referral_detail, name="detail"),
    path("<int:pk>/act/", detail.referral_act, name="act"),
]
