"""The same names as the administration's, so that the same templates lead to one's own pages."""

from django.urls import path

from customers.imports import own_views

app_name = "imports"
urlpatterns = [
    path("", own_views.own_list, name="list"),
    path("new/", own_views.own_upload, name="upload"),
    path("new/<slug:kind>/", own_views.own_upload, name="upload"),
    path("<int:pk>/", own_views.own_run, name="run"),
    path("<int:pk>/confirm/", own_views.own_confirm, name="confirm"),
    path("<int:pk>/cancel/", own_views.own_cancel, name="cancel"),
    path("<int:pk>/columns/", own_views.own_columns, name="columns"),
    path("<int:pk>/sheet/", own_views.own_sheet, name="sheet"),
    path("<int:pk>/answer/", own_views.own_answer, name="answer"),
    path("<int:pk>/undo/", own_views.own_undo, name="undo"),
    path("<int:pk>/errors/", own_views.own_errors, name="errors"),
    path("<int:pk>/check-again/", own_views.own_check_again, name="check_again"),
]
