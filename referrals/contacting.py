"""From the first contact to a new customer, and what the recommender hears of it (domain guide 2.4)."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.blocks import block_contact
from customers.calls import record_call
from customers.follow_ups import holiday_state
from customers.gate import GateAnswer, Purpose, may_contact
from customers.locks import hold, hold_all
from customers.models import Activity, Contact, ContactBlock, Customer
from customers.models.activities import Outcome
from customers.models.permissions import Channel
from customers.touched import touch
from customers.undo import UNDONE
from innendienst.base import preferences
from innendienst.lib.dates import add_working_days
from innendienst.lib.prepared import Param, Prepared
from innendienst.lib.transitions import TransitionRefused, change_state
from referrals import duties
from referrals.calling import may_call
from referrals.models import ReferralContact, ReferralTransition
from referrals.moving import change_referral, move_referral
from referrals.naming import ReferralRefused, State
from referrals.preferences import ReferralsPreferences
from referrals.querysets import ReferralQuerySet

Kind = duties.Kind
_WAITING = frozenset({State.CLEARED, State.LETTER_ONLY})
"""Nobody has contacted him yet, though somebody may."""
ORDERED = "ordered"
"""The reason on record of a contact won by his company's first order."""


def notice_overdue(referral: ReferralContact, today: dt.date) -> bool:
    """Whether the notice of Art. 14 GDPR was not given in time: then the person is contacted no more."""
    limit = preferences.get(ReferralsPreferences).notice_days
    return referral.art14_informed_at is None and today >= referral.named_on + dt.timedelta(days=limit)


@transaction.atomic
def call_first(*, actor: User, referral: ReferralContact, outcome: str, note: str = "", with_notice: bool = False) -> Activity:
    """The first call. It opens with the recommender where he may be named; `with_notice`: the notice of Art. 14 was read out.

    Nobody reached leaves the state, and the contact comes back for the next try.
    """
    demand(actor, "referral.edit")
    _hold_both(referral)
    today = timezone.localdate()
    if referral.state != State.CLEARED:
        raise TransitionRefused(f"{referral.state}: no call")
    _refuse_late(referral, today)
    answer = may_call(referral, today)
    if not answer.is_allowed:
        raise ReferralRefused("gate", referral)
    activity = record_call(
        actor=actor, customer=referral.customer, contact=referral.contact, outcome=outcome, gate_answer=answer, note=note
    )
    if outcome == Outcome.NOT_REACHED:
        duties.ask_for_contact(referral, actor, due_on=add_working_days(today, 1, holiday_state(actor)), activity=activity)
        return activity
    if with_notice:
        informed(actor=actor, referral=referral)
    _contacted(actor, referral, answer, activity)
    return activity


def hold_for_call(contact: Contact) -> frozenset[int]:
    """Lock the companies that a call with this person may write about: his own, and those of his recommenders.

    Before anything else of the call is locked: else two who come from either side would wait for each other. The companies of those
    recommenders who wait for the call, to be told of it by `hear_call`; asked once they are held, for the legal check may have been
    saved while we waited. Who named him only in that moment is not held and not waited for: locked now, he could be held by
    somebody who waits for us. His contact stays due.
    """
    recommenders = {company for company, _state in _RECOMMENDED_BY(contact=contact.pk)}
    hold_all([contact.customer_id, *recommenders])
    if not recommenders:
        return frozenset()
    return frozenset(company for company, state in _RECOMMENDED_BY(contact=contact.pk) if company in recommenders and state in _WAITING)


def hear_call(activity: Activity, gate_answer: GateAnswer | None, recommended_by: Collection[int]) -> None:
    """A call that was just recorded by whatever form: a contact who was spoken with is contacted.

    `recommended_by` is what `hold_for_call` has answered: only those companies are held.
    """
    if not activity.is_reached or activity.contact_id is None or not allowed(activity.by, "referral.edit"):
        return
    waiting = _of_person(activity.contact_id).filter(state__in=_WAITING, recommender__customer__in=recommended_by)
    for referral in waiting.select_related("owner", "contact", "customer", "recommender__contact", "recommender__customer__owner"):
        _contacted(activity.by, referral, gate_answer, activity)


def take_back(activity: Activity) -> None:
    """The call was undone: whoever it contacted is to be contacted still. What it left goes with the call itself."""
    steps = ReferralTransition.objects.filter(activity=activity, to_state=State.FIRST_CONTACT, referral__state=State.FIRST_CONTACT)
    for step in steps.select_related("referral"):
        back = ReferralTransition(referral=step.referral, by=activity.by, reason=UNDONE)
        change_state(
            step.referral,
            step.from_state,
            steps={State.FIRST_CONTACT: frozenset({step.from_state})},
            transition=back,
            first_contact_on=None,
        )


@transaction.atomic
def write_first(*, actor: User, referral: ReferralContact) -> GateAnswer:
    """The first contact by letter, which carries the notice of Art. 14; the gate's answer it rests on."""
    demand(actor, "referral.edit")
    _hold_both(referral)
    today = timezone.localdate()
    if referral.state not in {State.CLEARED, State.LETTER_ONLY}:
        raise TransitionRefused(f"{referral.state}: no letter")
    _refuse_late(referral, today)
    answer = may_contact(referral.contact, Channel.LETTER, Purpose.REFERRAL, today, is_exempt=True)
    if not answer.is_allowed:
        raise ReferralRefused("gate", referral)
    informed(actor=actor, referral=referral)
    _contacted(actor, referral, answer, None)
    return answer


@transaction.atomic
def informed(*, actor: User, referral: ReferralContact) -> None:
    """The person has the notice of Art. 14 GDPR."""
    demand(actor, "referral.edit")
    hold(referral.customer_id)
    if referral.state not in ReferralContact.OPEN:
        raise TransitionRefused(f"{referral.state}: nobody to inform")
    if referral.art14_informed_at is None:
        change_referral(referral, art14_informed_at=timezone.now())
    duties.settle_referral(referral, [Kind.ART14])


@transaction.atomic
def talk(*, actor: User, referral: ReferralContact, may_report_outcome: bool = False) -> None:
    """They are talking: the company is a prospect now. `may_report_outcome`: the recommender may hear how it goes."""
    demand(actor, "referral.edit")
    hold(referral.customer_id)
    move_referral(actor, referral, State.IN_TALKS, may_report_outcome=may_report_outcome)
    _grow(referral, Customer.Lifecycle.PROSPECT, from_states=[Customer.Lifecycle.LEAD])


@transaction.atomic
def win(*, actor: User | None, referral: ReferralContact, won_on: dt.date) -> None:
    """The company buys: it is a customer, linked with the recommender for good, and thanks fall due.

    Without an actor an order has said so.
    """
    hold(referral.customer_id)
    move_referral(actor, referral, State.CUSTOMER_WON, reason="" if actor else ORDERED, won_on=won_on)
    _grow(referral, Customer.Lifecycle.NEW, from_states=[Customer.Lifecycle.LEAD, Customer.Lifecycle.PROSPECT], since=won_on)
    duties.settle_referral(referral, [Kind.REFERRAL_CONTACT, Kind.ART14])


@transaction.atomic
def refuse(*, actor: User, referral: ReferralContact, objects: bool = False) -> None:
    """He said no: nobody calls again. `objects`: to advertising of any kind, so that no letter goes either."""
    hold(referral.customer_id)
    kind = ContactBlock.Kind.OBJECTION if objects else ContactBlock.Kind.BLOCK
    block_contact(
        actor=actor, customer=referral.customer, contact=referral.contact, channel="" if objects else Channel.PHONE, kind=kind,
        reason="referral",
    )  # fmt: skip
    move_referral(actor, referral, State.BLOCKED if objects else State.NOT_INTERESTED, phone="")
    duties.settle_referral(referral, [Kind.REFERRAL_CONTACT, Kind.ART14])


@transaction.atomic
def inform_recommender(*, actor: User, referral: ReferralContact) -> None:
    """The recommender knows that we got in touch; how it goes he hears only where the contact allows it."""
    demand(actor, "referral.edit")
    hold(referral.recommender.customer_id)
    if referral.first_contact_on is None:
        raise TransitionRefused(f"{referral.state}: nothing to tell yet")
    change_referral(referral, recommender_informed_at=timezone.now())
    duties.settle_referral(referral, [Kind.INFORM])


def _contacted(actor: User, referral: ReferralContact, answer: GateAnswer | None, activity: Activity | None) -> None:
    today = timezone.localdate()
    move_referral(actor, referral, State.FIRST_CONTACT, gate_answer=answer, activity=activity, first_contact_on=today)
    duties.settle_referral(referral, [Kind.REFERRAL_CONTACT], activity)
    duties.leave_after_first_contact(referral, actor, activity)


def _of_person(contact_id: int | Param) -> ReferralQuerySet:
    return ReferralContact.objects.for_system("of a call with somebody at a customer already visible").filter(contact=contact_id)


_RECOMMENDED_BY = Prepared(
    lambda: _of_person(Param("contact")).filter(state__in=ReferralContact.UNTOUCHED).values_list("recommender__customer", "state")
)


def _hold_both(referral: ReferralContact) -> None:
    hold_all([referral.customer_id, referral.recommender.customer_id])


def _refuse_late(referral: ReferralContact, today: dt.date) -> None:
    if notice_overdue(referral, today):
        raise ReferralRefused("notice", referral)


def _grow(referral: ReferralContact, lifecycle: str, *, from_states: list[str], since: dt.date | None = None) -> None:
    company = Customer.objects.for_system("found with its referral").filter(pk=referral.customer_id, lifecycle__in=from_states)
    company.update(lifecycle=lifecycle, **({"customer_since": since} if since else {}))
    touch([referral.customer_id])
