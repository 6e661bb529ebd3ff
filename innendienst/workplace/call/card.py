"""What the call card of one customer holds, in finished texts: why now, what to say, what he is worth, what was last."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.call_guide import Said
from campaigns.evidence import articles_text
from campaigns.goods import Goods
from campaigns.models import Kind, Opportunity
from campaigns.steps import STEPS
from customers.gate import GateAnswer, PeopleAnswers
from customers.models import Activity, Complaint, Contact, Customer, CustomerFacts, FollowUp, Handover
from customers.models.permissions import Channel
from customers.timeline import outcome_text
from innendienst.lib import display
from innendienst.workplace.chips import Chip, chips_markup, deputy_text
from innendienst.workplace.complaints.saying import asked_about
from innendienst.workplace.customers.figures import Figure, band
from innendienst.workplace.duties import DutyLine
from innendienst.workplace.handovers.texts import ball_sentence, word_sentence
from nps.models import Invitation
from referrals.models import ReferralContact

NOTE_LENGTH_SHOWN = 160
LATER_MOST = 2


@dataclass(frozen=True)
class Reason:
    """One reason as the card shows it: its chip, the evidence as a sentence, what it may bring; `look` is the chip's class."""

    opportunity: Opportunity
    look: str
    label: str
    sentence: SafeString
    value: str
    may_answer: bool

    @property
    def pk(self) -> int:
        return self.opportunity.pk

    @cached_property
    def source_url(self) -> str:
        return reverse("reason_source", args=[self.opportunity.pk])

    @property
    def source_label(self) -> str:
        return articles_text(self.opportunity) or _("Source")

    @property
    def dismiss_look(self) -> str:
        """One that is past "does not fit", or is read by somebody who calls nobody, does not offer it."""
        is_offered = self.may_answer and Opportunity.State.DISMISSED in STEPS.get(self.opportunity.state, ())
        return "" if is_offered else " is-absent"


@dataclass(frozen=True)
class Due:
    """A follow-up that has come back or is still to come."""

    follow_up: FollowUp
    label: str
    look: str
    sentence: str
    is_mine: bool
    whose: str = ""
    """The colleague or the pool that has it; "" where it is the reader's, or where he does not read names."""
    settled: Complaint | None = None
    """The complaint that is asked about, where it may be closed: the customer was called about it in vain often enough."""
    line: DutyLine | None = None
    """What references or referrals ask for, with the page on which it is done."""


class LatestLine(NamedTuple):
    """One of the last contacts in finished texts; `author` is "" where it is not for this reader."""

    day: str
    what: str
    author: str
    colon: str
    note: str


@dataclass(frozen=True)
class Card:
    customer: Customer
    today: dt.date
    reasons: list[Reason]
    contacts: list[Contact]
    contact: Contact | None
    due: list[Due]
    complaints: list[Complaint]
    latest: list[Activity]
    answers: PeopleAnswers
    """The gate's word on each of his people and on the switchboard, for every channel."""
    absent: str
    """The colleague for whom the reader calls here; "" where he calls for himself."""
    said: Said
    goods: Goods
    shows_margin: bool
    shows_authors: bool
    handover: Handover | None
    """What field sales is asked for, or has taken over."""
    may_hand_over: bool
    may_close: bool
    """Whether the reader may end a complaint that the customer is not content with."""
    surveys: list[Invitation]
    """Whom of his people a running survey still asks."""
    referral: ReferralContact | None
    """Whom the call is for, where a recommender named him and the legal check lets him be called."""
    may_log: bool
    """Whether this reader logs calls at all; who does not sees the card without the form."""
    standing: tuple[Chip, ...]
    """How he stands to us: as a reference, and by his last answer in a survey."""

    @cached_property
    def due_first(self) -> list[Due]:
        """What has come back, and the first of those to come."""
        return self.due[: len(self.due) - len(self.to_come)]

    @cached_property
    def to_come(self) -> list[Due]:
        """Follow-ups of later days behind the first, where they are many: they are no reason to call now."""
        later = [due for due in self.due if due.follow_up.due_on > self.today]
        return later[1:] if len(later) > LATER_MOST else []

    @property
    def facts(self) -> CustomerFacts | None:
        return getattr(self.customer, "facts", None)

    @property
    def opportunities(self) -> list[Opportunity]:
        """Those that the call can answer: none while a complaint lets selling rest."""
        return [] if self.complaints else [reason.opportunity for reason in self.reasons]

    @property
    def needs_demo(self) -> bool:
        """Whether one of the articles spoken of is sold by showing it."""
        articles = (item.product for reason in self.reasons for item in self.goods.items_of(reason.opportunity))
        return any(article.needs_demo for article in articles)

    @property
    def gate(self) -> GateAnswer:
        """May the proposed person be called."""
        return self.gate_of(self.contact and self.contact.pk)

    def gate_of(self, contact_id: int | None) -> GateAnswer:
        """May this one of his people be called; None, or anybody else's, is the switchboard."""
        return self.answers.get(contact_id, self.answers[None])[Channel.PHONE]

    @property
    def asks_satisfied(self) -> bool:
        """Whether this call is to ask if the customer is content: after a complaint was settled, or after a delivery."""
        after_complaint = asked_about((due.follow_up for due in self.due), self.today)
        return after_complaint is not None or any(reason.opportunity.kind == Kind.SATISFACTION for reason in self.reasons)

    @property
    def ball(self) -> str:
        """Who has it in the field, and what field sales says about calling; "" for nothing."""
        return " ".join(filter(None, [self.handover and ball_sentence(self.handover), word_sentence(self.customer)]))

    @property
    def headline(self) -> str:
        """Number, place, since when, class, owner: "000101 · 01067 Dresden · Kunde seit 2017 · A-Kunde · Betreuung: Anna Lang"."""
        customer, facts = self.customer, self.facts
        parts = [
            customer.number,
            f"{customer.postcode} {customer.town}".strip(),
            _("customer since %(year)s") % {"year": customer.customer_since.year} if customer.customer_since else "",
            _("%(abc)s customer") % {"abc": facts.abc_class} if facts else "",
            *self._whose(),
        ]
        return " · ".join(filter(None, parts))

    def _whose(self) -> list[str]:
        owner = self.customer.owner
        if self.absent:
            others = [] if owner is None or owner.full_name == self.absent else [_("owner: %(name)s") % {"name": owner.full_name}]
            return [*others, deputy_text(self.absent)]
        return [_("owner: %(name)s") % {"name": owner.full_name} if owner else _("without owner")]

    @cached_property
    def figures(self) -> list[Figure]:
        return band(self.facts, self.today, shows_margin=self.shows_margin)

    @property
    def standing_marks(self) -> SafeString:
        return chips_markup(self.standing)

    @property
    def latest_lines(self) -> list[LatestLine]:
        return [self._line(activity) for activity in self.latest]

    def _line(self, activity: Activity) -> LatestLine:
        name = activity.contact.addressed_name if activity.contact else ""
        text = activity.told
        note = text if len(text) <= NOTE_LENGTH_SHOWN else f"{text[:NOTE_LENGTH_SHOWN]}…"
        return LatestLine(
            day=display.date(timezone.localdate(activity.at)),
            what=", ".join(filter(None, [outcome_text(activity), name])),
            author=f" ({activity.author})" if self.shows_authors else "",
            colon=": " if note else "",
            note=note,
        )

    @property
    def opening(self) -> str:
        return self.said.sentence

    @property
    def phone(self) -> str:
        return (self.contact and self.contact.phone_display) or self.customer.phone_display

    @property
    def dial(self) -> str:
        """The number as machines dial it, "" when it cannot be read."""
        return (self.contact and self.contact.phone_e164) or self.customer.phone_e164

    @cached_property
    def tries(self) -> int:
        return tries_in_a_row(self.latest) + 1


def tries_in_a_row(latest: list[Activity]) -> int:
    """How many of the last calls, counted from the youngest, reached nobody."""
    calls = [activity for activity in latest if activity.kind == Activity.Kind.CALL]
    reached = (index for index, activity in enumerate(calls) if activity.is_reached)
    return next(reached, len(calls))
