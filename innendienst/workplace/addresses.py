"""Reading ids and filters from addresses and forms, and writing the address of Mein Tag."""

from functools import cache
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from innendienst.workplace.chips import KINDS

DAY = "day"
"""In a form's field `back`: the act was done on Mein Tag, which is where it leads."""


def posted_id(text: str | None) -> int:
    """An id from a browser. Raises Http404 for what cannot be one."""
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Http404
    return int(text)


def known_kind(text: str | None) -> str:
    """A filter from the address; an unknown one filters nothing."""
    return text if text in KINDS else ""


def day_url(customer_id: int | None = None, kind: str = "", **more) -> str:
    query = {"customer": customer_id, "kind": kind, **more}
    said = urlencode({key: value for key, value in query.items() if value})
    return f"{_day()}?{said}" if said else _day()


def incoming_url(customer_id: int) -> str:
    """The customer's page with the form for a call from him, the note in sight."""
    return f"{reverse('customers:detail', args=[customer_id])}?direction=incoming#call-note"


@cache
def _day() -> str:
    """Asked for by every row of every list."""
    return reverse("my_day")
