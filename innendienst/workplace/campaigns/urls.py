"""Addresses of the campaigns."""

from django.urls import path

from innendienst.workplace.campaigns import files, letters, mails, views

app_name = "campaigns"

urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("add/", views.campaign_concept, name="add"),
    path("<int:pk>/", views.campaign_detail, name="detail"),
    path("<int:pk>/concept/", views.campaign_concept, name="concept"),
    path("<int:pk>/target/", views.campaign_target, name="target"),
    path("<int:pk>/target/count/", views.target_count, name="target_count"),
    path("<int:pk>/act/", views.campaign_act, name="act"),
    path("<int:pk>/members/", files.member_export, name="members"),
    path("<int:pk>/result/", files.result_export, name="result"),
    path("<int:pk>/letters/", letters.letter_export, name="letters"),
    path("<int:pk>/mails/", mails.mail_page, name="mails"),
    path("<int:pk>/mails/test/", mails.mail_test, name="mail_test"),
    path("<int:pk>/mails/list/", mails.mail_export, name="mail_list"),
    path("<int:pk>/letters/print/", letters.letter_print, name="letter_print"),
]
