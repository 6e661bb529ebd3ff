"""Loading the call card of one customer: why now, what to say, what was last – from kept tables alone."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from campaigns.call_guide import NOTHING, Said, say
from campaigns.evidence import expected_value, sentences
from campaigns.goods import Goods
from campaigns.models import Opportunity
from campaigns.topics import topics
from customers.complaints import TRIES_LEAST
from customers.gate import PeopleAnswers, Purpose, may_contact_people
from customers.gate_facts import Topic
from customers.models import Activity, Complaint, Contact, Customer, FollowUp
from customers.models.permissions import Channel
from innendienst.workplace import reads
from innendienst.workplace.call.card import Card, Due, Reason, tries_in_a_row
from innendienst.workplace.call.survey import waiting_invitations
from innendienst.workplace.cases import case_sentences, said_about_answer
from innendienst.workplace.chips import KIND_LABELS, follow_up_chip, follow_up_sentence, look_of
from innendienst.workplace.complaints.saying import said_about_solution
from innendienst.workplace.customers.standing import standing_chips
from innendienst.workplace.day.load import DayRow
from innendienst.workplace.duties import duty_lines
from innendienst.workplace.people import absent_colleagues, absent_of, attach, whom_to_ask
from referrals import calling
from referrals.models import ReferralContact
from referrals.saying import opening_of_referral

_EXPECTED = frozenset(
    {FollowUp.Kind.CALLBACK, FollowUp.Kind.COMPLAINT, FollowUp.Kind.HAND_BACK, FollowUp.Kind.NPS_CASE, FollowUp.Kind.NPS_PASSIVE}
)
"""Follow-ups that the customer waits for."""


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
        answers=_answers(
            customer,
            contacts,
            purpose_of(complaints),
            today,
            topic_of(customer, opportunities, follow_ups, today),
            is_exempt=is_exempt_from_pressure(opportunities, follow_ups, today),
        ),
        absent=absent_of(customer, [each for each in follow_ups if each.due_on <= today], absent),
        said=NOTHING if complaints else _said(opportunities, follow_ups, referral, contact, goods, today),
        shows_margin=allowed(user, "margin.see"), shows_authors=allowed(user, "author.see"), goods=goods,
        surveys=waiting_invitations(customer),
        may_log=allowed(user, "call.log"), handover=reads.handover_under_way(customer), may_hand_over=allowed(user, "handover.ask"),
        may_close=allowed(user, "complaint.close"), standing=tuple(standing_chips(user, customer)),
    )  # fmt: skip


def _answers(
    customer: Customer, contacts: list[Contact], purpose: Purpose, today: dt.date, topic: Topic, *, is_exempt: bool
) -> PeopleAnswers:
    """The gate's word on everybody here; on the phone of whoever was named, what the legal check made of it."""
    answers = may_contact_people(customer, contacts, purpose, today, topic, is_exempt=is_exempt)
    named = calling.open_referrals(answers.keys() - {None}) if customer.has_referral else {}
    for pk, referral in named.items():
        answers[pk][Channel.PHONE] = calling.word_on(answers[pk][Channel.PHONE], referral)
    return answers


def purpose_of(complaints: list[Complaint]) -> Purpose:
    """While a complaint is open a contact serves it, else it sells."""
    return Purpose.SERVICE if complaints else Purpose.SALES


def is_exempt_from_pressure(opportunities: list[Opportunity], follow_ups: list[FollowUp], today: dt.date) -> bool:
    """A call-back that was promised, the question after a complaint or a visit, or a reorder that is due (domain guide U-7)."""
    is_expected = any(follow_up.kind in _EXPECTED and follow_up.due_on <= today for follow_up in follow_ups)
    return is_expected or any(opportunity.is_due_reorder for opportunity in opportunities)


def topic_of(customer: Customer, opportunities: list[Opportunity], follow_ups: list[FollowUp], today: dt.date) -> Topic:
    """The product groups that the call is about, where a campaign alone is why; what has come back for today is why before it."""
    if any(follow_up.due_on <= today for follow_up in follow_ups):
        return ()
    return topics({customer.pk: opportunities}).get(customer.pk, ())


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
            look=f" chip--{chip.tone}" if chip.tone else "",
            sentence=told.get(follow_up.pk) or follow_up_sentence(follow_up, today),
            is_mine=_is_mine(user, follow_up, absent),
            whose=_whose(user, follow_up),
            settled=follow_up.solution.complaint if follow_up.solution_id and tries_count >= TRIES_LEAST else None,
            line=lines.get(follow_up.pk),
        )
        for follow_up, chip in chips
    ]


def _referral(due: list[Due], contact: Contact | None) -> ReferralContact | None:
    """The contact who is to be called, where it is him the card proposes."""
    named = (one.line.referral for one in due if one.line and one.line.referral)
    return next((one for one in named if contact and one.contact_id == contact.pk and calling.has_basis(one)), None)


def _said(
    opportunities: list[Opportunity],
    follow_ups: list[FollowUp],
    referral: ReferralContact | None,
    contact: Contact | None,
    goods: Goods,
    today: dt.date,
) -> Said:
    """How the call begins: with the recommender, a complaint that was settled, or an answer to a survey before any reason to sell."""
    if referral:
        return Said(opening=opening_of_referral(referral, referral.recommender.customer.name))
    if about_customer := said_about_solution(follow_ups, contact, today) or said_about_answer(follow_ups, contact):
        return about_customer
    return say(opportunities[0], contact, goods) if opportunities else NOTHING


def _whose(user: User, follow_up: FollowUp) -> str:
    """Who has it, where that is somebody else: a name for those alone who read whose a contact was, too."""
    if follow_up.assignee_id is None:
        return _("Team pool %(team)s") % {"team": follow_up.team_name}
    return f"{follow_up.first_name} {follow_up.last_name}" if follow_up.assignee_id != user.pk and allowed(user, "author.see") else ""


def _is_mine(user: User, follow_up: FollowUp, absent: dict[int, str]) -> bool:
    """Whether it is the user's to do: his own, his team's, or that of a colleague he stands in for."""
    if follow_up.assignee_id is None:
        return follow_up.team_id == user.team_id
    return follow_up.assignee_id == user.pk or follow_up.assignee_id in absent
