"""The list of references in finished texts: a page of rows, or a workbook of them, by a fixed number of queries per batch."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from innendienst.lib import display
from innendienst.lib.batches import in_batches
from innendienst.lib.excel import Value
from innendienst.lib.paging import ROWS_REACHED_MOST, BoundedPage, read_page
from innendienst.workplace.chips import Chip, chips_markup
from referrals.finding import PERSONAL, uses_this_quarter
from referrals.models import ReferenceCustomer, ReleaseScope
from referrals.querysets import ReferenceQuerySet
from referrals.releasing import is_usable
from referrals.standing import is_shut_today

PER_PAGE = 50
DEFAULT_SORT = "-suitability"
SORTS = {"suitability": ("suitability", "pk"), "customer": ("customer__sort_key", "pk"), "state": ("state", "pk")}
State = ReferenceCustomer.State
_TONES = {
    State.RELEASED: "good", State.IN_USE: "good", State.UNDER_REVIEW: "due", State.THINKING: "due", State.ASKED: "sell",
    State.AGREED: "sell", State.DECLINED: "bad", State.WITHDRAWN: "bad",
}  # fmt: skip
_BATCH = 500
_WHY = "rows found by visible_to"


class ReferenceRow(NamedTuple):
    """What is unknown stands as "–"."""

    pk: int
    url: str
    customer: str
    industry: str
    state: SafeString
    suitability: str
    kinds: str
    load: str
    asked: str


def read_references(found: ReferenceQuerySet, *, sort: str, number: str | None) -> BoundedPage:
    """The chosen page of ReferenceRow."""
    return read_page(found.order_by(*_order(sort)), number, PER_PAGE, lambda ids: list(_rows(ids)))


def known_sort(text: str | None) -> str:
    return text if text and text.removeprefix("-") in SORTS else DEFAULT_SORT


def export_head() -> list[str]:
    return [
        _("Customer number"), _("Customer"), _("Industry"), _("State"), _("Suitability"), _("Released"), _("Uses this quarter"),
        _("Asked by"), _("Asked on"), _("Time to think until"),
    ]  # fmt: skip


def export_rows(found: ReferenceQuerySet, *, sort: str) -> Iterator[list[Value]]:
    """What the list shows, row by row, the first 10,000. Only releases that stand are named."""
    ids = list(found.order_by(*_order(sort)).values_list("pk", flat=True)[:ROWS_REACHED_MOST])
    for batch in in_batches(ids, _BATCH):
        for reference, scopes, used in _known(batch):
            yield [
                reference.customer.number, reference.customer.name, reference.customer.industry, reference.get_state_display(),
                _points(reference), _kinds(scopes), used, reference.asked_by.full_name if reference.asked_by else "",
                reference.asked_on, reference.thinking_until,
            ]  # fmt: skip


def state_chip(reference: ReferenceCustomer) -> Chip:
    """The state in a word; time to think says until when."""
    return chip_of_state(reference.state, reference.thinking_until)


@lru_cache(maxsize=1_000)
def state_markup(state: str, thinking_until: dt.date | None, _language: str) -> SafeString:
    """The chip of a reference in a list; the same few stand in every list."""
    return chips_markup((chip_of_state(state, thinking_until),))


def chip_of_state(state: str, thinking_until: dt.date | None) -> Chip:
    """The same from the columns alone."""
    label = str(State(state).label)
    if state == State.THINKING and thinking_until:
        label = _("%(state)s until %(day)s") % {"state": label, "day": display.date(thinking_until)}
    return Chip(label, _TONES.get(State(state), ""))


def usable_scopes(reference: ReferenceCustomer, scopes: Sequence[ReleaseScope], today: dt.date) -> list[ReleaseScope]:
    """What may be used of it today: nothing unless it is released."""
    return [scope for scope in scopes if is_usable(scope, today)] if reference.is_usable else []


def _order(sort: str) -> list:
    name = sort.removeprefix("-")
    return [F(column).desc(nulls_last=True) if sort.startswith("-") else F(column).asc(nulls_last=True) for column in SORTS[name]]


def _known(ids: Sequence[int]) -> Iterator[tuple[ReferenceCustomer, list[ReleaseScope], int]]:
    """Each reference with its usable scopes, and how often the customer's time was asked for in this quarter."""
    rows = ReferenceCustomer.objects.for_system(_WHY).filter(pk__in=ids).select_related("customer__facts", "asked_by")
    found = {row.pk: row for row in rows} if ids else {}
    shown, today = [found[pk] for pk in ids if pk in found], timezone.localdate()
    scopes: dict[int, list[ReleaseScope]] = defaultdict(list)
    for scope in ReleaseScope.objects.filter(reference__in=ids, withdrawn_at=None):
        scopes[scope.reference_id].append(scope)
    used = uses_this_quarter([row.customer_id for row in shown], today)
    for reference in shown:
        yield reference, usable_scopes(reference, scopes[reference.pk], today), used[reference.customer_id]


def _rows(ids: Sequence[int]) -> Iterator[ReferenceRow]:
    language = get_language() or ""
    for reference, scopes, used in _known(ids):
        yield ReferenceRow(
            pk=reference.pk,
            url=reverse("references:detail", args=[reference.pk]),
            customer=reference.customer.name,
            industry=reference.customer.industry or display.UNKNOWN,
            state=state_markup(reference.state, reference.thinking_until, language),
            suitability=display.UNKNOWN if (points := _points(reference)) is None else display.number(points),
            kinds=_kinds(scopes) or display.UNKNOWN,
            load=load_text(scopes, used),
            asked=_asked(reference),
        )


def _points(reference: ReferenceCustomer) -> int | None:
    """None where he is not rated, or not to be asked."""
    return None if is_shut_today(reference, timezone.localdate()) else reference.suitability


def _kinds(scopes: Sequence[ReleaseScope]) -> str:
    return ", ".join(str(scope.get_kind_display()) for scope in scopes)


def load_text(scopes: Sequence[ReleaseScope], used: int) -> str:
    """ "1 von 2 im Quartal"; "–" where no kind takes the customer's time."""
    most = [scope.per_quarter_most for scope in scopes if scope.kind in PERSONAL]
    return _("%(used)s of %(most)s this quarter") % {"used": used, "most": max(most)} if most else display.UNKNOWN


def _asked(reference: ReferenceCustomer) -> str:
    if reference.asked_by is None:
        return display.UNKNOWN
    day = f", {display.date(reference.asked_on)}" if reference.asked_on else ""
    return f"{reference.asked_by.full_name}{day}"
