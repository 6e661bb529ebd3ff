"""The day's list of one person as "Mein Tag" shows it: a handful of queries, however many rows there are."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from campaigns import day_list
from campaigns.models import DayListRow, Opportunity
from customers.models import Contact, Customer, CustomerFacts, FollowUp
from innendienst.lib import display
from innendienst.workplace import reads
from innendienst.workplace.chips import (
    FOLLOW_UP,
    KIND_LABELS,
    KINDS,
    Chip,
    agreed_time,
    clock,
    follow_up_chip,
    is_overdue,
    mark_chips,
    reason_chip,
)
from innendienst.workplace.day.worth import NOTHING, Worth, total_worth
from innendienst.workplace.people import absent_colleagues, absent_of, attach, seen_by


@dataclass(frozen=True)
class DayRow:
    """One customer of the day with what is known of him; `follow_ups` are those due for the person whose day it is."""

    customer: Customer
    now: dt.datetime
    is_new: bool
    absent: str = ""
    """The colleague for whom the reader calls here; "" where he calls for himself."""
    follow_ups: list[FollowUp] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    worth: Worth = NOTHING

    @property
    def facts(self) -> CustomerFacts | None:
        return getattr(self.customer, "facts", None)

    @cached_property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    @cached_property
    def promised(self) -> FollowUp | None:
        """The follow-up with an agreed clock time, the oldest first."""
        return next((due for due in self.follow_ups if due.due_time), None)

    @property
    def is_late(self) -> bool:
        return self.promised is not None and is_overdue(self.promised, self.now)

    @cached_property
    def contact(self) -> Contact | None:
        """Whom to ask for: the person of the call-back, else the first one known."""
        return next((due.contact for due in self.follow_ups if due.contact), next(iter(self.contacts), None))

    @property
    def who(self) -> str:
        """ "Herr Müller · 030 23125-100"."""
        phone = (self.contact and self.contact.phone_display) or self.customer.phone_display
        return " · ".join(filter(None, [self.contact and self.contact.addressed_name, phone]))

    @property
    def value(self) -> str:
        if self.promised is None:
            return self.worth.text
        return clock(self.promised.due_time) if self.promised.due_on == self.today else agreed_time(self.promised, self.today)

    @property
    def last_text(self) -> str:
        """When we last spoke; where a margin is unknown, what there is to say about that."""
        if not self.promised and (self.worth.is_margin_unknown or self.worth.more):
            return self.worth.more or _("margin unknown")
        day = self.facts and self.facts.last_contact_on
        return _("last %(ago)s") % {"ago": display.ago(day, self.today)} if day else ""

    def is_for(self, user: User) -> bool:
        """Whether this person calls him: for what is due, as his own customer or an absent colleague's, or since he is nobody's."""
        return bool(self.follow_ups or self.absent) or self.customer.owner_id in {None, user.pk}

    @cached_property
    def kinds(self) -> list[str]:
        reasons = [opportunity.kind for opportunity in self.opportunities]
        return list(dict.fromkeys([FOLLOW_UP, *reasons] if self.follow_ups else reasons))

    @property
    def chips(self) -> list[Chip]:
        """Why he is called and what to know before; two campaigns are one word."""
        due = [follow_up_chip(follow_up, self.now) for follow_up in [self.promised or next(iter(self.follow_ups), None)] if follow_up]
        reasons = dict.fromkeys(reason_chip(opportunity) for opportunity in self.opportunities)
        return [*due, *reasons, *mark_chips(self.facts, is_new=self.is_new, absent=self.absent, wants_visit=self.customer.wants_visit)]


@dataclass(frozen=True)
class Filter:
    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class MyDay:
    """The open rows in drawn order, and how far the day has come."""

    today: dt.date
    rows: list[DayRow]
    order: list[int]
    """The customers of the whole day, done ones too, as they were drawn."""
    done_count: int
    is_asked: bool
    """Whether an order may be the outcome of an opportunity of his; only he can say."""

    @property
    def heading(self) -> str:
        # Translators: the heading of a day, as Django's date filter writes it: "l, j. F" in German
        return date_format(self.today, _("l, j F"))

    @property
    def total_count(self) -> int:
        return len(self.rows) + self.done_count

    @cached_property
    def filters(self) -> list[Filter]:
        """The kinds that occur, most urgent first, each with its number of rows."""
        counts = Counter(kind for row in self.rows for kind in row.kinds)
        return [Filter(kind, KIND_LABELS[kind], counts[kind]) for kind in KINDS if counts[kind]]

    def of_kind(self, kind: str) -> list[DayRow]:
        return [row for row in self.rows if kind in row.kinds] if kind else self.rows

    def row_of(self, customer_id: int) -> DayRow | None:
        return next((row for row in self.rows if row.customer.pk == customer_id), None)


def next_after(customer_id: int, order: list[int], opened: list[int]) -> int | None:
    """The customer to go on with: the next open one below that row, else the first open one, None when all is done."""
    below = order[order.index(customer_id) + 1 :] if customer_id in order else []
    return next((pk for pk in below if pk in opened), next(iter(opened), None))


def load_my_day(user: User, today: dt.date) -> MyDay:
    """Read the person's list of today; it is drawn first where nobody did, and what fell due since is on top.

    Whoever was put on it for a reason or a follow-up that is settled by now is not on it, unless he was added by hand; neither is
    the customer of a colleague who is back.
    """
    stored, due = reads.day_rows(user, today), reads.due_follow_ups(user, today)
    if not stored:
        day_list.draw(user, today)
        stored = reads.day_rows(user, today)
    elif _is_behind(stored, due):
        day_list.catch_up(user, today)
        stored = reads.day_rows(user, today)
    seen = seen_by(user, [row.customer_id for row in stored])
    stored = [row for row in stored if row.customer_id in seen]
    states = Counter(row.state for row in stored)
    opened = [row for row in stored if row.state == DayListRow.State.OPEN]
    filled = zip(opened, _fill(user, today, opened, due), strict=True)
    rows = [row for kept, row in filled if kept.source == DayListRow.Source.ADDED or (row.kinds and row.is_for(user))]
    is_asked = stored[0].is_asked if stored else reads.asked_count(user) > 0
    return MyDay(today, rows, [row.customer_id for row in stored], states[DayListRow.State.DONE], is_asked)


def next_customer_id(user: User, today: dt.date, after_id: int, kind: str) -> int | None:
    """Whom to go on with after a save; the rows' reasons are read only where a filter asks for them."""
    if kind:
        day = load_my_day(user, today)
        return next_after(after_id, day.order, [row.customer.pk for row in day.of_kind(kind)])
    stored = reads.day_states(user, today)
    seen = seen_by(user, [pk for pk, _state in stored])
    opened = [pk for pk, state in stored if state == DayListRow.State.OPEN and pk in seen]
    return next_after(after_id, [pk for pk, _state in stored], opened)


def _is_behind(stored: list[DayListRow], due: list[FollowUp]) -> bool:
    """Something fell due whose customer is not on the list, or was done before. Looked at here because catching up writes."""
    resting = {row.customer_id for row in stored if row.state != DayListRow.State.DONE}
    return any(follow_up.customer_id not in resting for follow_up in due)


def _fill(user: User, today: dt.date, stored: list[DayListRow], due: list[FollowUp]) -> list[DayRow]:
    ids = [row.customer_id for row in stored]
    contacts, opportunities, follow_ups = (_by_customer(rows) for rows in (reads.people(ids), reads.open_reasons(ids), due))
    shows_margin, now = allowed(user, "margin.see"), timezone.now()
    absent = absent_colleagues(user, [*(row.customer.owner_id for row in stored), *(follow_up.assignee_id for follow_up in due)], today)
    for customer_id in ids:
        attach(contacts[customer_id], follow_ups[customer_id])
    return [
        DayRow(
            customer=row.customer,
            now=now,
            is_new=row.is_new,
            absent=absent_of(row.customer, follow_ups[row.customer_id], absent),
            follow_ups=follow_ups[row.customer_id],
            opportunities=opportunities[row.customer_id],
            contacts=contacts[row.customer_id],
            worth=total_worth(opportunities[row.customer_id], shows_margin=shows_margin),
        )
        for row in stored
    ]


def _by_customer(rows: Iterable) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found
