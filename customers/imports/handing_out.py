"""New customers of a list without owners, shared out among the people who look after customers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import demand
from customers.models import Customer, ImportRow, ImportRun
from customers.owners import Assigned, assign_owner

Span = tuple[str, str]
"""First and last beginning of a text, both included."""


class Way(models.TextChoices):
    POSTCODE = "postcode", _("By postcode: who has which")
    LETTER = "letter", _("By first letter: who has which")
    CLASS = "class", _("Evenly, each ABC class by itself")


class SpanError(ValueError):
    """Not a list of beginnings."""


@dataclass(frozen=True)
class Unowned:
    """A customer as far as it matters who gets him."""

    pk: int
    name: str
    postcode: str
    abc_class: str


def spans(typed: str) -> list[Span]:
    """ "01-19, 30" → from 01 to 19, and 30. Raises SpanError."""
    found = []
    for part in typed.replace("–", "-").replace(";", ",").split(","):
        first, dash, last = (piece.strip().lower() for piece in part.partition("-"))
        last = last if dash else first
        if not first or len(first) != len(last) or first > last:
            raise SpanError(part)
        found.append((first, last))
    return found


def shares(customers: Iterable[Unowned], way: str, given: Mapping[int, Sequence[Span]]) -> dict[int, list[int]]:
    """Who (id) gets which customers (ids). `given` names who takes part, and with what; where two have the same, the first gets it."""
    found: dict[int, list[int]] = {pk: [] for pk in given}
    pairs = _evenly(customers, list(given)) if way == Way.CLASS else _by_beginning(customers, way, given)
    for customer, owner in pairs:
        found[owner].append(customer)
    return found


def unowned(run: ImportRun) -> models.QuerySet:
    """New customers of the run whom nobody looks after; empty for lists that name owners."""
    customers = Customer.objects.for_system("an administrator shares out a list that was just taken over")
    names_owners = any(column["field"] == "owner_id" for column in run.reading.get("columns", []))
    if run.kind != ImportRun.List.CUSTOMERS or run.state != ImportRun.State.DONE or names_owners:
        return customers.none()
    new = ImportRow.objects.filter(run=run, fate=ImportRow.Fate.NEW).values("target")
    return customers.filter(pk__in=new, owner=None, merged_into=None)


@transaction.atomic
def hand_out(*, actor: User, run: ImportRun, way: str, given: Mapping[User, Sequence[Span]]) -> Assigned:
    """Give the new customers of the run to these people; whom nobody gets stays in the pool."""
    demand(actor, "customer.assign")
    rows = unowned(run).values_list("pk", "sort_key", "postcode", "stated_abc_class")
    found = shares([Unowned(*row) for row in rows], way, {user.pk: share for user, share in given.items()})
    done = [assign_owner(actor=actor, customer_ids=found[user.pk], owner=user) for user in given]
    return Assigned(sum(one.count for one in done), [pk for one in done for pk in one.event_ids])


def _evenly(customers: Iterable[Unowned], owners: Sequence[int]) -> Iterator[tuple[int, int]]:
    """One after the other in the order of their classes: each gets as many of each as the others, give or take one."""
    ordered = sorted(customers, key=lambda one: (one.abc_class or "Z", one.name, one.pk))
    return ((one.pk, owner) for one, owner in zip(ordered, cycle(owners), strict=False))


def _by_beginning(customers: Iterable[Unowned], way: str, given: Mapping[int, Sequence[Span]]) -> Iterator[tuple[int, int]]:
    for one in customers:
        text = one.postcode if way == Way.POSTCODE else one.name
        owner = next((pk for pk, share in given.items() if any(_lies_in(text.lower(), span) for span in share)), None)
        if owner is not None:
            yield one.pk, owner


def _lies_in(text: str, span: Span) -> bool:
    first, last = span
    return len(text) >= len(first) and first <= text[: len(first)] <= last
