"""The pages that are opened all day, and what each may cost."""

from collections.abc import Iterator
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse

from bench.browser import Person
from bench.desk import with_reasons
from bench.volume import Company
from bench.web import CONSTANT, Page
from innendienst.workplace.customers.listing import PER_PAGE

LIST, SEARCH, WITH_FORM = 2.5, 3, 4


def pages(anna: Person, company: Company) -> Iterator[Page]:
    """What a rep opens all day. Names and towns are found thousands of times each, which is the hard case."""
    listed, owner = reverse("customers:list"), company.busy.pk
    last = ceil(company.customers / PER_PAGE)
    detail = reverse("customers:detail", args=[with_reasons(company)[0]])
    yield Page("constant", lambda: Person(anna.port).get(CONSTANT), None)
    yield Page("Mein Tag: list, card and call form", lambda: anna.get("/"), WITH_FORM)
    yield Page("customer page", lambda: anna.get(detail), WITH_FORM)
    yield Page("customer list", lambda: anna.get(listed), LIST)
    yield Page("customer list, last page", lambda: anna.get(f"{listed}?page={last}"), LIST)
    yield Page("customer list by revenue", lambda: anna.get(f"{listed}?sort=-revenue"), LIST)
    yield Page("customer list of one owner", lambda: anna.get(f"{listed}?owner={owner}"), LIST)
    yield Page("search by name", lambda: anna.get(f"{listed}?{urlencode({'q': 'Schäfer'})}"), SEARCH)
    yield Page("search by name and town", lambda: anna.get(f"{listed}?{urlencode({'q': 'Schäfer Dresden'})}"), SEARCH)
    yield Page("search by town", lambda: anna.get(f"{listed}?{urlencode({'q': 'Dresden'})}"), SEARCH)
