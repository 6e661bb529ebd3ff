"""Saving a call with note, next date and answer: redirected as without scripts, and with the next card in the same answer."""

from collections.abc import Iterator

from django.urls import reverse

from bench.browser import Person, filled_form
from bench.desk import with_reasons
from bench.pages import WITH_FORM
from bench.volume import Company
from bench.web import REQUESTS_PER_PAGE, Page

SAVE = 3
_BY_HTMX = {"HX-Request": "true", "HX-Target": "day"}


def pages(anna: Person, company: Company) -> Iterator[Page]:
    """Each save needs a form of its own, fetched before the clock runs."""
    customers = iter(with_reasons(company))
    plain, scripted = ([_form_of(anna, next(customers)) for _index in range(REQUESTS_PER_PAGE)] for _way in range(2))
    url = reverse("call_save")
    yield Page("save a call", lambda: anna.post(url, plain.pop()), SAVE)
    yield Page("save a call, next card at once", lambda: anna.post(url, scripted.pop(), _BY_HTMX, expected=200), SAVE + WITH_FORM)


def _form_of(anna: Person, customer: int) -> list[tuple[str, str]]:
    page = anna.get(f"/?customer={customer}").body
    return filled_form(page, reverse("call_save"), outcome="interested", note="Will ein Angebot.\nGern am Vormittag.")
