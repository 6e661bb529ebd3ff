"""The list of opportunities in finished texts: a page of rows, or a workbook of them, by a fixed number of queries per batch."""

import datetime as dt
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.evidence import expected_value, sentences
from campaigns.goods import Goods
from campaigns.models import Opportunity
from campaigns.querysets import OpportunityQuerySet
from campaigns.reminders import ORIGIN, origin_of
from customers.models import FollowUp
from innendienst.lib import display
from innendienst.lib.batches import in_batches
from innendienst.lib.excel import Value
from innendienst.lib.paging import ROWS_REACHED_MOST, BoundedPage, read_page
from innendienst.workplace.chips import chips_markup, reason_chip

PER_PAGE = 50
DEFAULT_SORT = "-value"
SORTS = {"value": ("rank_value", "pk"), "customer": ("customer__sort_key", "pk"), "since": ("suggested_on", "pk")}
_BATCH = 500
_WHY = "rows found by visible_to"


class OpportunityRow(NamedTuple):
    """What is unknown stands as "–"."""

    pk: int
    url: str
    customer_url: str
    customer: str
    chip: SafeString
    state: str
    evidence: SafeString
    value: str
    owner: str
    due: str


def read_opportunities(found: OpportunityQuerySet, *, sort: str, number: str | None, shows_margin: bool) -> BoundedPage:
    """The chosen page of OpportunityRow."""

    def load(ids: Sequence[int]) -> list[OpportunityRow]:
        return [_row(*known, shows_margin=shows_margin) for known in _known(ids)]

    return read_page(found.order_by(*_order(sort)), number, PER_PAGE, load)


def known_sort(text: str | None) -> str:
    return text if text and text.removeprefix("-") in SORTS else DEFAULT_SORT


def export_head(*, shows_margin: bool) -> list[str]:
    margin = [_("Margin if bought")] if shows_margin else []
    return [
        _("Customer number"), _("Customer"), _("Reason"), _("State"), _("Evidence"), _("Chance"), _("Revenue if bought"), *margin,
        _("Owner"), _("Due"), _("Won"), _("Order"),
    ]  # fmt: skip


def export_rows(found: OpportunityQuerySet, *, sort: str, shows_margin: bool) -> Iterator[list[Value]]:
    """What the list shows, row by row, the first 10,000."""
    ids = list(found.order_by(*_order(sort)).values_list("pk", flat=True)[:ROWS_REACHED_MOST])
    for batch in in_batches(ids, _BATCH):
        for opportunity, evidence, due_on in _known(batch):
            yield [
                opportunity.customer.number, opportunity.customer.name, opportunity.get_kind_display(), opportunity.state_label,
                unescape(strip_tags(evidence)), opportunity.p_win, opportunity.expected_revenue,
                *([opportunity.expected_margin] if shows_margin else []),
                opportunity.owner.full_name if opportunity.owner else "", due_on, opportunity.won_amount, opportunity.order_number,
            ]  # fmt: skip


def _order(sort: str) -> list:
    name = sort.removeprefix("-")
    return [F(column).desc() if sort.startswith("-") else F(column).asc() for column in SORTS[name]]


def _known(ids: Sequence[int]) -> Iterator[tuple[Opportunity, SafeString, dt.date | None]]:
    """Each opportunity with its evidence and the day on which it comes back or ends."""
    rows = Opportunity.objects.for_system(_WHY).filter(pk__in=ids).select_related("customer", "owner")
    found = {row.pk: row for row in rows} if ids else {}
    shown = [found[pk] for pk in ids if pk in found]
    evidence = sentences(shown, timezone.localdate(), Goods(shown))
    due_on = _due_on(shown)
    for opportunity in shown:
        yield opportunity, evidence[opportunity.pk], due_on.get(opportunity.pk) or opportunity.deadline_on


def _due_on(shown: Sequence[Opportunity]) -> dict[int, dt.date]:
    origins = [origin_of(opportunity) for opportunity in shown]
    customers = {opportunity.customer_id for opportunity in shown}
    due = FollowUp.objects.for_system(_WHY).open().filter(customer__in=customers, origin__in=origins).order_by("-due_on")
    return {int(origin.removeprefix(ORIGIN)): due_on for origin, due_on in due.values_list("origin", "due_on")}


def _row(opportunity: Opportunity, evidence: SafeString, due_on: dt.date | None, *, shows_margin: bool) -> OpportunityRow:
    if opportunity.state == Opportunity.State.WON:
        value = display.euros(opportunity.won_amount, decimals=2)
    else:
        value = expected_value(opportunity, show_margin=shows_margin)
    return OpportunityRow(
        pk=opportunity.pk,
        url=reverse("opportunities:detail", args=[opportunity.pk]),
        customer_url=opportunity.customer.get_absolute_url(),
        customer=opportunity.customer.name,
        chip=chips_markup((reason_chip(opportunity),)),
        state=opportunity.state_label,
        evidence=evidence,
        value=value,
        owner=opportunity.owner.full_name if opportunity.owner else display.UNKNOWN,
        due=display.date(due_on) if due_on else display.UNKNOWN,
    )
