"""What the page says after an act: what was done, and the way back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from customers.models import Customer
from innendienst.lib import display
from innendienst.templatetags.ui import UNDO
from innendienst.workplace.call.saving import SavedCall


def call_saved(customer: Customer, saved: SavedCall) -> str:
    """The sentence after a save; a follow-up that had to move says why."""
    if saved.due_on is None:
        return _("Call with %(customer)s saved.") % {"customer": customer}
    facts = {"customer": customer, "day": display.due(saved.due_on)}
    if saved.moved_from is None:
        return _("Call with %(customer)s saved, follow-up %(day)s.") % facts
    facts["asked"] = display.due(saved.moved_from)
    return _("Call with %(customer)s saved, follow-up %(day)s (%(asked)s is no working day).") % facts


def say_with_undo(request: HttpRequest, text: str, undo_url: str, **query) -> None:
    """A message whose act one click takes back. `query` tells the undo where the page was."""
    said = urlencode({key: value for key, value in query.items() if value})
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}?{said}")
