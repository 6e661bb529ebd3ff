"""Addresses of the customers: pages that put several apps together, and after them those of the customers' own app."""

from django.urls import path

from customers import urls as own
from innendienst.workplace.basics import objecting, prospects, views as basics_views
from innendienst.workplace.customers import campaign_pick, detail, follow_up_many, handing_out, saved_views, tagging, views
from innendienst.workplace.documents.views import document_list
from innendienst.workplace.duplicates import merging, views as duplicates
from innendienst.workplace.letters.views import letter_write
from innendienst.workplace.needs import views as needs_views

app_name = "customers"

urlpatterns = [
    path("", views.customer_list, name="list"),
    path("add/", prospects.prospect_add, name="prospect_add"),
    path("owners/", views.owner_assign, name="assign"),
    path("owners/undo/", views.owner_assign_undo, name="assign_undo"),
    path("hand-out/<int:pk>/", handing_out.hand_out_list, name="hand_out"),
    path("export/", views.customer_export, name="export"),
    path("views/", saved_views.view_save, name="view_save"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="view_delete"),
    path("follow-ups/", follow_up_many.follow_up_many, name="follow_up_many"),
    path("follow-ups/undo/", follow_up_many.follow_up_many_undo, name="follow_up_many_undo"),
    path("tags/", tagging.customers_tag, name="tag"),
    path("tags/undo/", tagging.customers_tag_undo, name="tag_undo"),
    path("tags/names/", tagging.tag_options, name="tag_options"),
    path("campaign/", campaign_pick.campaign_pick, name="campaign_pick"),
    path("campaign/undo/", campaign_pick.campaign_pick_undo, name="campaign_pick_undo"),
    path("pick/", views.customers_pick, name="pick"),
    path("duplicates/", duplicates.duplicate_list, name="duplicates"),
    path("duplicates/apart/", duplicates.duplicate_apart, name="duplicate_apart"),
    path("duplicates/apart/<int:pk>/again/", duplicates.duplicate_again, name="duplicate_again"),
    path("duplicates/<int:kept_pk>/<int:gone_pk>/", merging.duplicate_compare, name="duplicate_compare"),
    path("duplicates/merges/<int:pk>/undo/", merging.merge_undo, name="merge_undo"),
    path("<int:pk>/", detail.customer_detail, name="detail"),
    path("<int:pk>/follow-ups/", detail.follow_up_add, name="follow_up_add"),
    path("<int:pk>/edit/", basics_views.customer_edit, name="edit"),
    path("<int:pk>/objection/", objecting.objection_add, name="objection"),
    path("<int:pk>/contacts/add/", basics_views.contact_add, name="contact_add"),
    path("contacts/<int:pk>/", basics_views.contact_edit, name="contact_edit"),
    path("<int:pk>/documents/", document_list, name="documents"),
    path("<int:pk>/letter/", letter_write, name="letter"),
    path("<int:pk>/needs/", needs_views.needs_edit, name="needs"),
    *own.urlpatterns,
]
