"""The call form of a card, fresh or as it came back from the browser."""

import datetime as dt
from decimal import Decimal

from django.http import Http404, QueryDict
from django.utils.formats import number_format

from accounts.models import User
from campaigns.models import Opportunity
from campaigns.parting import of_top_group
from customers.follow_ups import holiday_state
from customers.gate import may_contact, unsign
from customers.gate_rules import GateAnswer, LegalReason
from customers.models import Activity, Complaint, Customer, FollowUp
from customers.models.activities import Satisfied
from customers.models.permissions import Channel
from innendienst.base import form_keys
from innendienst.workplace import reads
from innendienst.workplace.addresses import posted_id
from innendienst.workplace.call.card import Card, tries_in_a_row
from innendienst.workplace.call.conflicts import posted_reasons
from innendienst.workplace.call.form import CallForm
from innendienst.workplace.call.load import is_exempt_from_pressure, purpose_of, topic_of
from innendienst.workplace.call.next_steps import offered_days
from innendienst.workplace.call.shown import ShownAnswer, ShownForm
from referrals import calling


def fresh_form(user: User, card: Card, again: Activity | None = None, *, is_incoming: bool = False) -> ShownForm:
    """An empty form with every proposal in place; `again` is an undone call whose text comes back."""
    contact_id = again.contact_id if again else card.contact and card.contact.pk
    opportunities = card.opportunities
    values = {
        "key": str(form_keys.fresh()),
        "direction": again.direction if again else _direction(card, is_incoming=is_incoming),
        "contact": str(contact_id or ""),
        "top": str(opportunities[0].pk) if opportunities else "",
        **_legal(card),
    }
    if again:
        values |= {"outcome": again.outcome, "detail": again.detail, "note": again.note, "satisfied": again.satisfied}
    return ShownForm(
        customer=card.customer,
        days=_days(user, card.tries, card.today),
        gate=card.gate_of(contact_id),
        values=values,
        answers=[ShownAnswer(one, {"amount": number_format(_usual_order(card, one), 2)}) for one in opportunities],
    )


def _legal(card: Card) -> dict[str, str]:
    """The legal reason that is known already: he has asked for this call."""
    return {"legal_reason": LegalReason.CALLBACK if _is_call_back(card) else ""}


def _is_call_back(card: Card) -> bool:
    """Whether the customer has asked for this call: that is why it may be made, whatever else is known of him."""
    return any(due.follow_up.kind == FollowUp.Kind.CALLBACK and due.follow_up.due_on <= card.today for due in card.due)


def _usual_order(card: Card, opportunity: Opportunity) -> Decimal:
    """What an order would come to: the usual amounts of the product group on top, since that is what an answer is about."""
    groups = {pk: product.group_id for pk, product in card.goods.products.items()}
    ordered = of_top_group(card.goods.items_of(opportunity), groups)
    return sum((item.expected_revenue for item in ordered), Decimal(0)) if ordered else opportunity.expected_revenue


def posted_form(user: User, customer: Customer, data: QueryDict, today: dt.date) -> CallForm:
    """The form as it was sent. Raises Http404 when it names a reason of somebody else."""
    opportunities = _posted_opportunities(customer, posted_reasons(data))
    tries = tries_in_a_row(reads.latest_activities(customer)) + 1
    contact_id = _posted_contact_id(data)
    gate = unsign(data.get("gate", ""), customer, contact_id) or asked_gate(user, customer, contact_id, opportunities, today)
    is_settled = data.get("satisfied") == Satisfied.NO and _has_settled_complaint(customer)
    return CallForm(customer, opportunities, _days(user, tries, today), gate, data, has_settled_complaint=is_settled)


def _has_settled_complaint(customer: Customer) -> bool:
    """Whether something waits for the customer's word on how it was settled."""
    found = Complaint.objects.for_system("a customer already visible").filter(customer=customer)
    return found.filter(state=Complaint.State.RESOLVED).exists()


def returned_form(user: User, card: Card, data: QueryDict) -> CallForm:
    """The text that was sent, over the reasons as they stand now."""
    gate = card.gate_of(_posted_contact_id(data))
    return CallForm(card.customer, card.opportunities, _days(user, card.tries, card.today), gate, data)


def _direction(card: Card, *, is_incoming: bool) -> str:
    """Ours, unless the customer is on the line or must not be called."""
    may_call = card.gate.is_allowed or card.gate.choices
    return Activity.Direction.OUTGOING if may_call and not is_incoming else Activity.Direction.INCOMING


def _days(user: User, tries: int, today: dt.date):
    return offered_days(today, holiday_state(user), tries)


def _posted_opportunities(customer: Customer, ids: list[int]) -> list[Opportunity]:
    """In the order sent; whatever state they are in now, since the save compares versions. Those that are gone are left out."""
    found = reads.named_reasons(customer, ids)
    missing = set(ids) - set(found)
    if missing and Opportunity.objects.for_system("is it somebody else's or gone?").filter(pk__in=missing).exists():
        raise Http404
    return [found[pk] for pk in ids if pk in found]


def asked_gate(user: User, customer: Customer, contact_id: int | None, opportunities: list[Opportunity], today: dt.date) -> GateAnswer:
    """The gate's word of this moment on one of the customer's people; of the switchboard without one, or for anybody else's."""
    contact = reads.contact_of(customer, contact_id) if contact_id else None
    follow_ups = reads.open_follow_ups(customer)
    complaints = list(Complaint.objects.visible_to(user).unresolved().filter(customer=customer))
    is_exempt = is_exempt_from_pressure(opportunities, follow_ups, today)
    topic = topic_of(customer, opportunities, follow_ups, today)
    answer = may_contact(contact or customer, Channel.PHONE, purpose_of(complaints), today, topic, is_exempt=is_exempt)
    referral = calling.open_referrals([contact.pk]).get(contact.pk) if contact else None
    return calling.word_on(answer, referral) if referral else answer


def _posted_contact_id(data: QueryDict) -> int | None:
    return posted_id(data["contact"]) if data.get("contact") else None
