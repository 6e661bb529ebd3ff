"""Addresses of the reference customers."""

from django.urls import path

from innendienst.workplace.references import detail, library, overview, questions, scopes, uses, views

app_name = "references"

urlpatterns = [
    path("", views.reference_list, name="list"),
    path("overview/", overview.reference_overview, name="overview"),
    path("export/", views.reference_export, name="export"),
    path("questions/<str:question>/", questions.question_list, name="question"),
    path("customers/<int:pk>/rate/", questions.rate_in_list, name="rate_in_list"),
    path("library/", library.library, name="library"),
    path("library/<int:pk>/", library.published_file, name="published_file"),
    path("customers/<int:pk>/", detail.reference_of, name="of"),
    path("customers/<int:pk>/take-up/", detail.reference_take_up, name="take_up"),
    path("customers/<int:pk>/mark/", detail.reference_mark, name="mark"),
    path("<int:pk>/", detail.reference_detail, name="detail"),
    path("<int:pk>/rate/", detail.reference_rate, name="rate"),
    path("<int:pk>/act/", detail.reference_act, name="act"),
    path("steps/<int:pk>/undo/", detail.reference_undo, name="undo"),
    path("<int:pk>/scopes/", scopes.scope_add, name="scope_add"),
    path("scopes/<int:pk>/release/", scopes.scope_release, name="scope_release"),
    path("scopes/<int:pk>/text/", scopes.scope_text, name="scope_text"),
    path("scopes/<int:pk>/withdraw/", scopes.scope_withdraw, name="scope_withdraw"),
    path("scopes/<int:pk>/proof/", scopes.scope_proof, name="scope_proof"),
    path("scopes/<int:pk>/use/", uses.use_add, name="use_add"),
    path("uses/<int:pk>/call-off/", uses.use_call_off, name="use_call_off"),
    path("uses/<int:pk>/feedback/", uses.use_feedback, name="use_feedback"),
    path("uses/<int:pk>/thanks/", uses.use_thank, name="use_thank"),
]
