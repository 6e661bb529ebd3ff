"""The outbox, to be looked at: what waits, what went out, what was given up."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers import outbox
from customers.models import Message
from innendienst.base.admin import ReadOnlyAdmin, in_words


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("queued_at", "what", "user", "contact", "state", "attempts", "sent_at")
    list_filter = ("state", ("kind", in_words(outbox.words)))
    list_select_related = ("user", "contact")
    fields = readonly_fields = (*list_display, "not_before", "message_id")

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, message: Message) -> str:
        return outbox.words(message.kind)
