"""What opportunities brought, and what they may bring, by kind: the bound cells of plans and measures.

Contacts are opportunities talked about for the first time, orders those won, each on its day. They are counted per kind, never
per person (domain guide W-4: the funnel is a business figure).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DateTimeField, DecimalField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Team
from campaigns.models import Opportunity, OpportunityAnswer, OpportunityTransition
from customers.models import Consent, ContactBlock
from customers.models.permissions import Channel
from customers.segments import Criteria, all_customers, find
from innendienst.lib.money import cents

State = Opportunity.State
_TALKS = (State.CONTACTED, State.INTERESTED, State.OFFERED, State.WON, State.LOST)
_TALK_ANSWERS = ("contacted", "interested", "later", "offered", "won", "lost")
_WHY = "sums per kind of reason, without names"
_AMOUNT = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True)
class Brought:
    """Contacts and orders as counts, revenue in net euros, margin None where one of the orders leaves it unknown."""

    contacts: int = 0
    orders: int = 0
    revenue: Decimal = Decimal(0)
    margin: Decimal | None = Decimal(0)

    def __add__(self, other: "Brought") -> "Brought":
        margin = None if self.margin is None or other.margin is None else self.margin + other.margin
        return Brought(self.contacts + other.contacts, self.orders + other.orders, self.revenue + other.revenue, margin)


class Results:
    """What a team's opportunities brought on the days of a span; two queries however many kinds and windows are asked for."""

    def __init__(self, team: Team | None, from_on: dt.date, until_on: dt.date) -> None:
        self._days: dict[tuple[str, dt.date], Brought] = defaultdict(Brought)
        opportunities = _of_team(team)
        for kind, day, count in _contacts(opportunities, from_on, until_on):
            self._days[kind, day] += Brought(contacts=count)
        for row in _won(opportunities, from_on, until_on):
            kind, day, count, revenue, unknown_count, margin = row
            known = cents(Decimal(margin or 0)) if not unknown_count else None
            self._days[kind, day] += Brought(orders=count, revenue=cents(Decimal(revenue or 0)), margin=known)

    def of(self, kinds: Iterable[str], from_on: dt.date, until_on: dt.date) -> Brought:
        """The sum over some kinds and the days of a window, both ends included."""
        wanted = set(kinds)
        return sum((day for (kind, on), day in self._days.items() if kind in wanted and from_on <= on <= until_on), Brought())


@dataclass(frozen=True)
class Potential:
    """How many customers have such a reason now, and what it may bring, as probable as it is, in net euros."""

    customers: int = 0
    revenue: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)
    by_phone: int = 0
    """Those on the call list: the gate lets them be called, now or when their pause is over."""
    by_letter: int = 0
    by_email: int = 0


Possible = Mapping[tuple[str, int | None], Potential]


def potentials(team: Team | None, criteria: Criteria | None = None) -> Possible:
    """(kind, product group) → what its open reasons may bring; (kind, None) is the kind as a whole. Two queries.

    With `criteria` those of the customers alone whom a saved filter finds.
    """
    waiting = _of_team(team, owner="customer__owner").on_the_table()
    if criteria is not None:
        waiting = waiting.filter(customer__in=find(all_customers(), criteria, timezone.localdate()).order_by().values("pk"))
    return {(kind, group): one for kind, group, one in [*_by_kind(waiting), *_by_group(waiting)]}


def _by_kind(waiting: QuerySet) -> Iterator[tuple[str, None, Potential]]:
    rows = waiting.order_by().values_list("kind")
    probable = ExpressionWrapper(F("expected_revenue") * F("p_win"), output_field=_AMOUNT)
    for kind, customers, revenue, margin, *ways in rows.annotate(
        customers=Count("customer", distinct=True), revenue=Sum(probable), margin=Sum("rank_value"), **_ways()
    ):
        yield kind, None, Potential(customers, cents(Decimal(revenue or 0)), cents(Decimal(margin or 0)), *ways)


def _by_group(waiting: QuerySet) -> Iterator[tuple[str, int, Potential]]:
    """Of articles, so that a reason with articles of two groups counts in each with its own part."""
    rows = waiting.filter(items__product__group__isnull=False).order_by()
    revenue = ExpressionWrapper(F("items__expected_revenue") * F("p_win"), output_field=_AMOUNT)
    margin = ExpressionWrapper(F("items__expected_margin") * F("p_win"), output_field=_AMOUNT)
    unknown = ExpressionWrapper(
        F("items__expected_revenue") * F("p_win") * F("items__product__group__assumed_cm_ratio"), output_field=_AMOUNT
    )
    for kind, group, customers, total, known, assumed, *ways in rows.values_list("kind", "items__product__group").annotate(
        customers=Count("customer", distinct=True),
        revenue=Sum(revenue),
        margin=Sum(margin),
        assumed=Sum(unknown, filter=Q(items__expected_margin=None)),
        **_ways(),
    ):
        whole = Decimal(known or 0) + Decimal(assumed or 0)
        yield kind, group, Potential(customers, cents(Decimal(total or 0)), cents(whole), *ways)


def _ways() -> dict[str, Count]:
    """Customers who may be called, written to, mailed: as the gate decides, before it looks at how long ago the last contact was."""
    of_him = {"customer": OuterRef("customer")}
    standing = ContactBlock.objects.for_system(_WHY).filter(**of_him, contact=None, lifted_at=None)
    agreed = Consent.objects.for_system(_WHY).filter(**of_him, channel=Channel.EMAIL, revoked_at=None)
    is_open = {channel: ~Exists(standing.filter(channel__in=["", channel])) for channel in (Channel.LETTER, Channel.EMAIL)}
    return {
        "by_phone": Count("customer__call_list_row", distinct=True),
        "by_letter": Count("customer", distinct=True, filter=Q(is_open[Channel.LETTER])),
        "by_email": Count("customer", distinct=True, filter=Q(is_open[Channel.EMAIL]) & Q(Exists(agreed))),
    }


def _of_team(team: Team | None, owner: str = "owner") -> QuerySet:
    found = Opportunity.objects.for_system(_WHY)
    return found.filter(**{f"{owner}__team": team}) if team else found


def _contacts(opportunities: QuerySet, from_on: dt.date, until_on: dt.date) -> Iterable[tuple[str, dt.date, int]]:
    """Kind, day of the first talk, count. What was taken back again has no answer left and counts nothing."""
    of_it = {"opportunity": OuterRef("pk")}
    talks = OpportunityTransition.objects.filter(**of_it, to_state__in=_TALKS, activity__voided_at=None).order_by().values("opportunity")
    first_at = Subquery(talks.annotate(first=Min("at")).values("first"), output_field=DateTimeField())
    answered = Exists(OpportunityAnswer.objects.filter(**of_it, answer__in=_TALK_ANSWERS))
    first = opportunities.filter(answered).annotate(first_on=TruncDate(first_at)).filter(first_on__range=(from_on, until_on))
    return first.order_by().values_list("kind", "first_on").annotate(contacts=Count("pk"))


def _won(opportunities: QuerySet, from_on: dt.date, until_on: dt.date) -> Iterable[tuple]:
    """Kind, day, orders, revenue, how many of unknown margin, margin: the amount agreed on × the margin ratio expected of its articles."""
    share = ExpressionWrapper(F("won_amount") * F("expected_margin") / F("expected_revenue"), output_field=_AMOUNT)
    is_known = Q(expected_margin__isnull=False, expected_revenue__gt=0)
    won = opportunities.filter(state=State.WON, won_on__range=(from_on, until_on)).order_by()
    return won.values_list("kind", "won_on").annotate(
        orders=Count("pk"), revenue=Sum("won_amount"), unknown=Count("pk", filter=~is_known), margin=Sum(share, filter=is_known)
    )
