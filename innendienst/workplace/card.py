"""The call card of one customer: why now, what to say, what he is worth, what was last – read from kept tables alone."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.permissions import allowed
from campaigns.answers import STEPS
from campaigns.call_guide import Objection, objections, opening_sentence
from campaigns.evidence import articles_text, expected_value, sentences
from campaigns.models import Kind, Opportunity
from customers.gate import GateAnswer, Purpose, may_contact
from customers.models import Activity, Complaint, Contact, ContactBlock, Customer, CustomerFacts, FollowUp
from customers.models.permissions import Channel
from innendienst.workplace.chips import Chip, follow_up_chip, follow_up_sentence, kind_chip
from innendienst.workplace.figures import Figure, band

LATEST_MOST = 5


@dataclass(frozen=True)
class Reason:
    """One reason as the card shows it: its chip, the evidence as a sentence, what it may bring."""

    opportunity: Opportunity
    chip: Chip
    sentence: SafeString
    value: str

    @property
    def source_url(self) -> str:
        return reverse("reason_source", args=[self.opportunity.pk])

    @property
    def source_label(self) -> str:
        return articles_text(self.opportunity) or _("Source")

    @property
    def can_dismiss(self) -> bool:
        return Opportunity.State.DISMISSED in STEPS.get(self.opportunity.state, ())


@dataclass(frozen=True)
class Due:
    """A follow-up that has come back."""

    follow_up: FollowUp
    chip: Chip
    sentence: str
    is_mine: bool


@dataclass(frozen=True)
class Card:
    customer: Customer
    today: dt.date
    reasons: list[Reason]
    contacts: list[Contact]
    blocked_contact_ids: frozenset[int]
    contact: Contact | None
    follow_ups: list[FollowUp]
    my_follow_up_ids: frozenset[int]
    complaints: list[Complaint]
    latest: list[Activity]
    gate: GateAnswer
    opening: str
    shows_margin: bool
    shows_authors: bool

    @property
    def facts(self) -> CustomerFacts | None:
        return getattr(self.customer, "facts", None)

    @property
    def opportunities(self) -> list[Opportunity]:
        """Those that the call can answer: none while a complaint lets selling rest."""
        return [] if self.complaints else [reason.opportunity for reason in self.reasons]

    @property
    def headline(self) -> str:
        """Number, place, since when, class, owner: "000101 · 01067 Dresden · Kunde seit 2017 · A-Kunde · Betreuung: Anna Lang"."""
        customer, facts = self.customer, self.facts
        parts = [
            customer.number,
            f"{customer.postcode} {customer.town}".strip(),
            _("customer since %(year)s") % {"year": customer.customer_since.year} if customer.customer_since else "",
            _("%(abc)s customer") % {"abc": facts.abc_class} if facts else "",
            _("owner: %(name)s") % {"name": customer.owner.full_name} if customer.owner else _("without owner"),
        ]
        return " · ".join(filter(None, parts))

    @cached_property
    def figures(self) -> list[Figure]:
        return band(self.facts, self.today, shows_margin=self.shows_margin)

    @cached_property
    def due(self) -> list[Due]:
        """What has come back, and what is still to come."""
        return [
            Due(follow_up, follow_up_chip(follow_up), follow_up_sentence(follow_up, self.today), follow_up.pk in self.my_follow_up_ids)
            for follow_up in self.follow_ups
        ]

    @property
    def objections(self) -> tuple[Objection, ...]:
        return objections(self.reasons[0].opportunity.kind) if self.reasons else ()

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


def load_card(user: User, customer: Customer, today: dt.date) -> Card:
    """Everything about one customer that a call needs. The customer was found by visible_to and comes with his facts."""
    reasons = _reasons(user, customer, today)
    contacts = list(customer.contacts.all())
    blocked = frozenset(blocked_contact_ids(customer))
    follow_ups = list(FollowUp.objects.visible_to(user).open().filter(customer=customer).select_related("contact", "assignee"))
    mine = FollowUp.objects.visible_to(user).open().for_person(user, today).filter(customer=customer).values_list("pk", flat=True)
    complaints = list(Complaint.objects.visible_to(user).unresolved().filter(customer=customer))
    latest = list(latest_activities(user, customer))
    contact = _whom_to_ask(contacts, blocked, follow_ups, latest, today)
    return Card(
        customer=customer, today=today, reasons=reasons, contacts=contacts, blocked_contact_ids=blocked, contact=contact,
        follow_ups=follow_ups, my_follow_up_ids=frozenset(mine if follow_ups else ()), complaints=complaints, latest=latest,
        gate=ask_gate(contact or customer, [reason.opportunity for reason in reasons], follow_ups, complaints, today),
        opening=opening_sentence(reasons[0].opportunity, contact, today) if reasons and not complaints else "",
        shows_margin=allowed(user, "margin.see"), shows_authors=user.role in {Role.REP, Role.FIELD_SALES},
    )  # fmt: skip


def ask_gate(
    target: Customer | Contact, opportunities: list[Opportunity], follow_ups: list[FollowUp], complaints: list[Complaint], today: dt.date
) -> GateAnswer:
    """May this customer be called, and for what: while a complaint is open the call serves it, else it sells.

    A call-back that was promised and a reorder that is due are exempt from contact pressure (domain guide U-7).
    """
    is_promised = any(follow_up.kind == FollowUp.Kind.CALLBACK and follow_up.due_on <= today for follow_up in follow_ups)
    is_exempt = is_promised or any(opportunity.kind == Kind.REORDER for opportunity in opportunities)
    return may_contact(target, Channel.PHONE, Purpose.SERVICE if complaints else Purpose.SALES, today, is_exempt=is_exempt)


def latest_activities(user: User, customer: Customer):
    """The last contacts, youngest first."""
    standing = Activity.objects.visible_to(user).standing().filter(customer=customer)
    return standing.select_related("contact", "by").latest_first()[:LATEST_MOST]


def blocked_contact_ids(customer: Customer):
    """People there whom nobody may call."""
    blocks = ContactBlock.objects.for_system("the gate's own facts").filter(customer=customer, contact__isnull=False, lifted_at=None)
    return blocks.filter(channel__in=["", Channel.PHONE]).values_list("contact", flat=True)


def tries_in_a_row(latest: list[Activity]) -> int:
    """How many of the last calls, counted from the youngest, reached nobody."""
    reached = (index for index, activity in enumerate(latest) if activity.is_reached)
    return next(reached, len(latest))


def _reasons(user: User, customer: Customer, today: dt.date) -> list[Reason]:
    open_ones = list(Opportunity.objects.visible_to(user).on_the_table().filter(customer=customer).best_first())
    evidence = sentences(open_ones, today)
    shows_margin = allowed(user, "margin.see")
    return [
        Reason(opportunity, kind_chip(opportunity.kind), evidence[opportunity.pk], expected_value(opportunity, show_margin=shows_margin))
        for opportunity in open_ones
    ]


def _whom_to_ask(
    contacts: list[Contact], blocked: frozenset[int], follow_ups: list[FollowUp], latest: list[Activity], today: dt.date
) -> Contact | None:
    """The person of the due follow-up, else of the last call, else the first one; never one who must not be called."""
    due = [follow_up.contact_id for follow_up in follow_ups if follow_up.due_on <= today]
    wanted = [*due, *(activity.contact_id for activity in latest), *(contact.pk for contact in contacts)]
    known = {contact.pk: contact for contact in contacts if contact.pk not in blocked}
    return next((known[pk] for pk in wanted if pk in known), None)
