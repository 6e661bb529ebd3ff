"""The call card of one customer: why now, what to say, what he is worth, what was last – read from kept tables alone."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from campaigns.call_guide import NOTHING, Said, say
from campaigns.evidence import Goods, articles_text, expected_value, sentences
from campaigns.models import Kind, Opportunity
from campaigns.steps import STEPS
from customers.complaints import TRIES_LEAST
from customers.gate import GateAnswer, PeopleAnswers, Purpose, may_contact_people
from customers.models import Activity, Complaint, Contact, Customer, CustomerFacts, FollowUp, Handover
from customers.models.permissions import Channel
from customers.timeline import outcome_text
from innendienst.lib import display
from innendienst.workplace import reads
from innendienst.workplace.call.survey import waiting_invitations
from innendienst.workplace.cases import case_sentences
from innendienst.workplace.chips import KIND_LABELS, Chip, chips_markup, deputy_text, follow_up_chip, follow_up_sentence, look_of
from innendienst.workplace.customers.figures import Figure, band
from innendienst.workplace.customers.standing import standing_chips
from innendienst.workplace.day.load import DayRow
from innendienst.workplace.duties import DutyLine, duty_lines
from innendienst.workplace.handovers.texts import ball_sentence, word_sentence
from innendienst.workplace.people import absent_colleagues, absent_of, attach, whom_to_ask
from nps.models import Invitation
from referrals import contacting
from referrals.models import ReferralContact
from referrals.saying import opening_of_referral

NOTE_LENGTH_SHOWN = 160
_EXPECTED = frozenset(
    {FollowUp.Kind.CALLBACK, FollowUp.Kind.COMPLAINT, FollowUp.Kind.HAND_BACK, FollowUp.Kind.NPS_CASE, FollowUp.Kind.NPS_PASSIVE}
)
"""Follow-ups that the customer waits for."""


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
        after_complaint = any(due.follow_up.solution_id and due.follow_up.due_on <= self.today for due in self.due)
        return after_complaint or any(reason.opportunity.kind == Kind.SATISFACTION for reason in self.reasons)

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


def load_card(user: User, customer: Customer, today: dt.date, row: DayRow | None = None, latest: list[Activity] | None = None) -> Card:
    """Everything about one customer that a call needs; what his row of the day knows already is not read again.

    The customer was found by visible_to and comes with his facts. `latest` are his last contacts where they are at hand.
    """
    opportunities = row.opportunities if row else reads.open_reasons([customer.pk])
    contacts = row.contacts if row else reads.people([customer.pk])
    follow_ups, latest = reads.open_follow_ups(customer), reads.latest_activities(customer) if latest is None else latest
    attach(contacts, [*follow_ups, *latest])
    absent = absent_colleagues(user, [customer.owner_id, *(follow_up.assignee_id for follow_up in follow_ups)], today)
    complaints = _complaints(user, customer)
    contact, goods = whom_to_ask(contacts, follow_ups, latest, today), Goods(opportunities)
    due = _due(user, follow_ups, absent, today, tries_in_a_row(latest))
    referral = _referral(due, contact)
    return Card(
        customer=customer, today=today, contacts=contacts, contact=contact,
        reasons=_reasons(user, opportunities, goods, today), due=due, referral=referral,
        complaints=complaints, latest=latest,
        answers=may_contact_people(
            customer, contacts, purpose_of(complaints), today, is_exempt=is_exempt_from_pressure(opportunities, follow_ups, today)
        ),
        absent=absent_of(customer, [each for each in follow_ups if each.due_on <= today], absent),
        said=NOTHING if complaints else _said(opportunities, referral, contact, goods),
        shows_margin=allowed(user, "margin.see"), shows_authors=allowed(user, "author.see"), goods=goods,
        surveys=waiting_invitations(customer),
        may_log=allowed(user, "call.log"), handover=reads.handover_under_way(customer), may_hand_over=allowed(user, "handover.ask"),
        may_close=allowed(user, "complaint.close"), standing=tuple(standing_chips(user, customer)),
    )  # fmt: skip


def purpose_of(complaints: list[Complaint]) -> Purpose:
    """While a complaint is open a contact serves it, else it sells."""
    return Purpose.SERVICE if complaints else Purpose.SALES


def is_exempt_from_pressure(opportunities: list[Opportunity], follow_ups: list[FollowUp], today: dt.date) -> bool:
    """A call-back that was promised, the question after a complaint or a visit, or a reorder that is due (domain guide U-7)."""
    is_expected = any(follow_up.kind in _EXPECTED and follow_up.due_on <= today for follow_up in follow_ups)
    return is_expected or any(opportunity.is_due_reorder for opportunity in opportunities)


def tries_in_a_row(latest: list[Activity]) -> int:
    """How many of the last calls, counted from the youngest, reached nobody."""
    calls = [activity for activity in latest if activity.kind == Activity.Kind.CALL]
    reached = (index for index, activity in enumerate(calls) if activity.is_reached)
    return next(reached, len(calls))


def _complaints(user: User, customer: Customer) -> list[Complaint]:
    """Read only where the kept count says that there are some."""
    facts = getattr(customer, "facts", None)
    if facts is None or not facts.open_complaints_count:
        return []
    return list(Complaint.objects.visible_to(user).unresolved().filter(customer=customer))


def _reasons(user: User, opportunities: list[Opportunity], goods: Goods, today: dt.date) -> list[Reason]:
    evidence = sentences(opportunities, today, goods)
    shows_margin, may_answer = allowed(user, "margin.see"), allowed(user, "opportunity.answer")
    return [
        Reason(
            opportunity,
            look=look_of(opportunity.kind),
            label=str(KIND_LABELS[opportunity.kind]),
            sentence=evidence[opportunity.pk],
            value=expected_value(opportunity, show_margin=shows_margin),
            may_answer=may_answer,
        )
        for opportunity in opportunities
    ]


def _due(user: User, follow_ups: list[FollowUp], absent: dict[int, str], today: dt.date, tries_count: int) -> list[Due]:
    """What has come back, and what is still to come."""
    now, lines = timezone.now(), duty_lines(user, follow_ups)
    told = {**{pk: line.sentence for pk, line in lines.items()}, **case_sentences(user, follow_ups)}
    # What field sales is to answer stands above as the hand-over itself.
    chips = [(each, follow_up_chip(each, now)) for each in follow_ups if each.kind != FollowUp.Kind.HANDOVER]
    return [
        Due(
            follow_up,
            label=chip.label,
            look=f" chip--{chip.tone}",
            sentence=told.get(follow_up.pk) or follow_up_sentence(follow_up, today),
            is_mine=_is_mine(user, follow_up, absent),
            settled=follow_up.solution.complaint if follow_up.solution_id and tries_count >= TRIES_LEAST else None,
            line=lines.get(follow_up.pk),
        )
        for follow_up, chip in chips
    ]


def _referral(due: list[Due], contact: Contact | None) -> ReferralContact | None:
    """The contact who is to be called, where it is him the card proposes."""
    named = (one.line.referral for one in due if one.line and one.line.referral)
    return next((one for one in named if contact and one.contact_id == contact.pk and contacting.has_basis(one)), None)


def _said(opportunities: list[Opportunity], referral: ReferralContact | None, contact: Contact | None, goods: Goods) -> Said:
    """How the call begins: with the recommender before any reason to sell."""
    if referral:
        return Said(opening=opening_of_referral(referral, referral.recommender.customer.name))
    return say(opportunities[0], contact, goods) if opportunities else NOTHING


def _is_mine(user: User, follow_up: FollowUp, absent: dict[int, str]) -> bool:
    """Whether it is the user's to do: his own, his team's, or that of a colleague he stands in for."""
    if follow_up.assignee_id is None:
        return follow_up.team_id == user.team_id
    return follow_up.assignee_id == user.pk or follow_up.assignee_id in absent
