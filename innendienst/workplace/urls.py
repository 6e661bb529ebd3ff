"""Addresses of Mein Tag and of the call."""

from django.urls import path

from innendienst.workplace import calendar_feed, notes_bar
from innendienst.workplace.call import complaint_acts, correcting, follow_up_acts, follow_up_change, reason_acts, views
from innendienst.workplace.call.gate_part import call_gate
from innendienst.workplace.call.talking import call_talking
from innendienst.workplace.day import acts
from innendienst.workplace.day.page import my_day
from innendienst.workplace.day_sheet import views as sheet_views
from innendienst.workplace.letters.views import letter_print

urlpatterns = [
    path("", my_day, name="my_day"),
    path("calls/", views.call_save, name="call_save"),
    path("calls/gate/<int:pk>/", call_gate, name="call_gate"),
    path("letters/<int:pk>/", letter_print, name="letter_print"),
    path("calls/talking/<int:pk>/", call_talking, name="call_talking"),
    path("calls/<int:pk>/correct/", correcting.call_correct, name="call_correct"),
    path("calls/<int:pk>/undo/", views.call_undo, name="call_undo"),
    path("day/not-today/", acts.day_not_today, name="day_not_today"),
    path("day/again/", acts.day_again, name="day_again"),
    path("day/add/", acts.day_add, name="day_add"),
    path("day/pull/", acts.day_pull, name="day_pull"),
    path("day/excel/", sheet_views.day_take_along, name="day_take_along"),
    path("day/excel/back/", sheet_views.day_give_back, name="day_give_back"),
    path("reasons/<int:pk>/", reason_acts.reason_source, name="reason_source"),
    path("reasons/<int:pk>/dismiss/", reason_acts.reason_dismiss, name="reason_dismiss"),
    path("reasons/answers/<int:pk>/undo/", reason_acts.reason_undo, name="reason_undo"),
    path("notes/", notes_bar.notes, name="notes"),
    path("notes/<int:pk>/read/", notes_bar.note_read, name="note_read"),
    path("calendar/<str:secret>.ics", calendar_feed.calendar, name="calendar_feed"),
    path("follow-ups/<int:pk>/", follow_up_change.follow_up_change, name="follow_up_change"),
    path("follow-ups/<int:pk>/done/", follow_up_acts.follow_up_finish, name="follow_up_finish"),
    path("follow-ups/<int:pk>/take-back/", follow_up_acts.follow_up_take_back, name="follow_up_take_back"),
    path("follow-ups/<int:pk>/reopen/", follow_up_acts.follow_up_reopen, name="follow_up_reopen"),
    path("follow-ups/<int:pk>/put-off/", follow_up_acts.follow_up_snooze, name="follow_up_snooze"),
    path("follow-ups/<int:pk>/put-back/", follow_up_acts.follow_up_put_back, name="follow_up_put_back"),
    path("complaints/<int:pk>/", complaint_acts.complaint_move, name="complaint_move"),
    path("complaints/steps/<int:pk>/undo/", complaint_acts.complaint_undo, name="complaint_undo"),
]
