"""Addresses of the planning documents; the first part after /plans/ names the template."""

from django.urls import path

from innendienst.workplace.plans import files, rows, views

app_name = "plans"

urlpatterns = [
    path("", views.plan_list, name="list"),
    path("<slug:kind>/blank/", views.plan_blank, name="blank"),
    path("<slug:kind>/blank/workbook/", files.blank_export, name="blank_export"),
    path("<slug:kind>/<int:pk>/", views.plan_detail, name="detail"),
    path("<slug:kind>/<int:pk>/refresh/", views.plan_refresh, name="refresh"),
    path("<slug:kind>/<int:pk>/freeze/", views.plan_freeze, name="freeze"),
    path("<slug:kind>/<int:pk>/copy/", views.plan_copy, name="copy"),
    path("<slug:kind>/<int:pk>/export/", files.plan_export, name="export"),
    path("<slug:kind>/<int:pk>/import/", files.plan_import, name="import"),
    path("<slug:kind>/<int:pk>/cell/", rows.cell_write, name="cell"),
    path("<slug:kind>/<int:pk>/add/<slug:section>/", rows.row_add, name="row_add"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/", rows.row_edit, name="row"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/remove/", rows.row_remove, name="row_remove"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/restore/", rows.row_restore, name="row_restore"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/measure/", rows.row_measure, name="row_measure"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/campaign/", rows.row_campaign, name="row_campaign"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/follow-up/", rows.row_follow_up, name="row_follow_up"),
    path("<slug:kind>/<int:pk>/rows/<int:row_pk>/ratings/", rows.row_ratings, name="row_ratings"),
]
