"""The outbox, to be looked at: what waits, what went out, what was given up."""

from django.contrib import admin

from customers.models import Message
from innendienst.base.admin import ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("queued_at", "kind", "user", "state", "attempts", "sent_at")
    list_filter = ("state", "kind")
    list_select_related = ("user",)
    fields = readonly_fields = (*list_display, "not_before", "message_id")
