"""What the page says after an act: what was done, and the way back."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from customers.models import Customer
from innendienst.lib import display
from innendienst.templatetags.ui import UNDO
from innendienst.workplace.call.saving import SavedCall
from innendienst.workplace.chips import day_and_time


def call_saved(customer: Customer, saved: SavedCall) -> str:
    """The sentence after a save: what was done, part by part; a follow-up that had to move says why."""
    parts = [_("Call with %(customer)s saved") % {"customer": customer}]
    if saved.amount is not None:
        parts.append(_("order of %(amount)s") % {"amount": display.euros(saved.amount, decimals=2)})
    if saved.offered is not None:
        parts.append(_("quote of %(amount)s") % {"amount": display.euros(saved.offered, decimals=2)})
    if saved.has_complaint:
        parts.append(_("complaint raised"))
    if saved.handed_to:
        parts.append(_("%(name)s of field sales asked to take over") % {"name": saved.handed_to})
    if saved.due_on is not None:
        parts.append(_follow_up_saved(saved.due_on, saved.due_time, saved.moved_from))
    return f"{', '.join(parts)}."


def with_order_texts(said: str, opportunity_ids: Sequence[int]) -> str:
    """The sentence with a way to the text for the ERP of each order, since somebody has to key it in now."""
    for pk in opportunity_ids:
        said = format_html('{} <a href="{}#order-head">{}</a>', said, reverse("opportunities:detail", args=[pk]), _("Copy order text"))
    return said


def _follow_up_saved(due_on: dt.date, due_time: dt.time | None, moved_from: dt.date | None) -> str:
    facts = {"day": day_and_time(display.due(due_on), due_time), "asked": moved_from and display.due(moved_from)}
    if moved_from is None:
        return _("follow-up %(day)s") % facts
    return _("follow-up %(day)s (%(asked)s is no working day)") % facts


def say_with_undo(request: HttpRequest, text: str, undo_url: str, **query) -> None:
    """A message whose act one click takes back. `query` tells the undo where the page was."""
    said = urlencode({key: value for key, value in query.items() if value})
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}?{said}")
