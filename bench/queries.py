"""How many queries a page needs, with three rows and with thousands: the number must not grow."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from bench.desk import with_reasons
from bench.figures import Figure, compared
from bench.volume import Company


def figures(company: Company) -> Iterator[Figure]:
    """The same number of queries with three rows and with thousands."""
    listed = reverse("customers:list")
    few, many = company.newcomer, company.busy
    yield _queries("Mein Tag", (few, "/"), (many, "/"))
    yield _queries("customer list", (few, f"{listed}?owner=mine"), (many, f"{listed}?owner=mine"))
    small = with_reasons(company)[-1]  # both have reasons, because only who has some needs the query for their articles
    yield _queries("customer page", *((many, reverse("customers:detail", args=[pk])) for pk in (small, company.largest)))
    yield _queries("search", (many, f"{listed}?q=K0001"), (many, f"{listed}?q=Dresden"))


def _queries(name: str, few: tuple[User, str], many: tuple[User, str]) -> Figure:
    return compared(f"queries: {name}, thousands against three", _count(*many), _count(*few), 1, "queries")


def _count(user: User, path: str) -> int:
    """Queries of the second request for a page: the first may draw a list."""
    client, counted = Client(headers={"host": "127.0.0.1"}), []
    client.force_login(user)
    client.get(path)

    def note(execute, sql, params, many, context):
        counted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        reply = client.get(path)
    if reply.status_code != 200:
        raise RuntimeError(f"{path}: {reply.status_code}")
    return len(counted)
