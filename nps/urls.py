"""Addresses of the surveys."""

from django.urls import path

from nps import answer_views, case_views, entry_views, views, wave_views

app_name = "nps"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("answers/", answer_views.answers, name="answers"),
    path("answers/<int:pk>/invalid/", answer_views.invalid, name="invalid"),
    path("answers/<int:pk>/valid/", answer_views.valid, name="valid"),
    path("import/", views.upload, name="upload"),
    path("blank/", views.blank_workbook, name="blank"),
    path("waves/", wave_views.wave_list, name="waves"),
    path("waves/new/", wave_views.wave_add, name="wave_add"),
    path("waves/<int:pk>/", wave_views.wave_detail, name="wave"),
    path("waves/<int:pk>/edit/", wave_views.wave_edit, name="wave_edit"),
    path("waves/<int:pk>/start/", wave_views.wave_start, name="wave_start"),
    path("waves/<int:pk>/move/<slug:to_state>/", wave_views.wave_move, name="wave_move"),
    path("waves/<int:pk>/delete/", wave_views.wave_delete, name="wave_delete"),
    path("waves/<int:pk>/preview/", wave_views.wave_preview, name="wave_preview"),
    path("waves/<int:pk>/page/", entry_views.wave_page, name="wave_page"),
    path("waves/<int:pk>/test/", wave_views.wave_test_mail, name="wave_test_mail"),
    path("waves/<int:pk>/phone/", entry_views.phone, name="phone"),
    path("waves/<int:pk>/phone/undo/", entry_views.entry_undo, name="entry_undo"),
    path("waves/<int:pk>/letters/", entry_views.letters, name="letters"),
    path("waves/<int:pk>/people/", entry_views.people, name="invitations"),
    path("invitations/<int:pk>/bounced/", entry_views.bounced, name="bounced"),
    path("cases/", case_views.case_list, name="cases"),
    path("cases/<int:pk>/close/", case_views.case_close, name="case_close"),
    path("cases/<int:pk>/reopen/", case_views.case_reopen, name="case_reopen"),
    path("<int:pk>/workbook/", views.workbook, name="workbook"),
]
