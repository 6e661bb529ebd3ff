from django.urls import path

from customers.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.import_upload, name="upload"),
    path("new/<slug:kind>/", views.import_upload, name="upload"),
    path("<int:pk>/", views.import_run, name="run"),
]
