from django.urls import path

from customers.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.import_upload, name="upload"),
    path("new/<slug:kind>/", views.import_upload, name="upload"),
    path("<int:pk>/", views.import_run, name="run"),
    path("<int:pk>/confirm/", views.import_confirm, name="confirm"),
    path("<int:pk>/cancel/", views.import_cancel, name="cancel"),
    path("<int:pk>/columns/", views.import_columns, name="columns"),
    path("<int:pk>/sheet/", views.import_sheet, name="sheet"),
    path("<int:pk>/answer/", views.import_answer, name="answer"),
    path("<int:pk>/missing/", views.import_missing, name="missing"),
    path("<int:pk>/undo/", views.import_undo, name="undo"),
    path("<int:pk>/errors/", views.import_errors, name="errors"),
    path("<int:pk>/check-again/", views.import_check_again, name="check_again"),
]
