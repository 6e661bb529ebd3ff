"""Using a reference: every use is checked against what the customer allowed, and is followed by feedback and thanks."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from customers.models import Contact, Customer
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.transitions import TransitionRefused
from referrals import duties
from referrals.finding import PERSONAL, quarter_start
from referrals.models import Outcome, Place, ReferenceCustomer, ReferenceUse, ReferralContact, ReleaseScope, Thanks
from referrals.moving import State, move_reference
from referrals.preferences import ReferralsPreferences
from referrals.releasing import has_ended

_FACE_TO_FACE = frozenset({Place.OFFER, Place.TALK})
_WHY = "uses of a reference found by visible_to"


class UseRefused(ValueError):
    """The use is outside of what is allowed.

    `code` says where: "state", "complaint", "proof", "withdrawn", "ended", "place", "prospect", "competitor", "load" or "soon".
    """

    def __init__(self, code: str, scope: ReleaseScope) -> None:
        super().__init__(code)
        self.code, self.scope = code, scope


def check_use(scope: ReleaseScope, *, place: str, on: dt.date, prospect: Customer | None = None) -> None:
    """Raise UseRefused where the reference may not be used so on that day."""
    reference = scope.reference
    if scope.withdrawn_at is not None or reference.state == State.WITHDRAWN:
        raise UseRefused("withdrawn", scope)
    if has_ended(scope, on):
        raise UseRefused("ended", scope)
    if not reference.is_usable:
        raise UseRefused("state", scope)
    if reference.customer.complaints.unresolved().exists():
        raise UseRefused("complaint", scope)
    if scope.released_on is None:
        raise UseRefused("proof", scope)
    if place not in scope.places:
        raise UseRefused("place", scope)
    if prospect is None and is_for_one(scope, place):
        raise UseRefused("prospect", scope)
    if scope.no_competitors and prospect and is_competitor(reference.customer, prospect):
        raise UseRefused("competitor", scope)
    if is_personal(scope):
        _check_load(scope, on)


def is_personal(scope: ReleaseScope) -> bool:
    """Whether each use costs the customer time: calls and visits do, a printed logo does not."""
    return scope.kind in PERSONAL


def is_for_one(scope: ReleaseScope, place: str) -> bool:
    """Whether somebody has to be named for whom it is: for his time always, and face to face where no competitor may see it."""
    return is_personal(scope) or (scope.no_competitors and place in _FACE_TO_FACE)


def is_competitor(customer: Customer, prospect: Customer) -> bool:
    """Of one industry; without an industry nobody can tell, and then the limit counts."""
    return prospect.pk != customer.pk and (not prospect.industry or not customer.industry or prospect.industry == customer.industry)


def free_uses(scope: ReleaseScope, on: dt.date, used: list[dt.date] | None = None) -> int:
    """How many uses of the quarter are left; `used` are the days of its customer's personal uses where they are known."""
    days = personal_days(scope.reference) if used is None else used
    return max(scope.per_quarter_most - sum(quarter_start(day) == quarter_start(on) for day in days), 0)


def personal_days(reference: ReferenceCustomer) -> list[dt.date]:
    """The days on which this customer gave his time, all kinds together: the load is his, whatever it is for."""
    uses = ReferenceUse.objects.for_system(_WHY).filter(customer=reference.customer_id, scope__kind__in=PERSONAL)
    return list(uses.order_by("used_on").values_list("used_on", flat=True))


@transaction.atomic
def log_use(*, actor: User, scope: ReleaseScope, place: str, prospect: Customer | None, on: dt.date) -> ReferenceUse:
    """Write down a use that is allowed; after its day feedback and thanks fall due. Raises UseRefused.

    A planned one counts at once as load; it puts the reference to use when its day has come (`put_to_use`).
    """
    demand(actor, "reference.use")
    hold(scope.reference.customer_id)
    scope = ReleaseScope.objects.select_related("reference__customer").get(pk=scope.pk)
    check_use(scope, place=place, on=on, prospect=prospect)
    use = ReferenceUse.objects.create(
        customer_id=scope.reference.customer_id, scope=scope, prospect=prospect, place=place, used_on=on, by=actor
    )
    if scope.reference.state == State.RELEASED and on <= timezone.localdate():
        move_reference(actor, scope.reference, State.IN_USE)
    return use


def put_to_use(today: dt.date) -> int:
    """Released references of which a planned use has come since are in use from now on; how many."""
    come = ReferenceUse.objects.for_system(_WHY).filter(
        customer=OuterRef("customer"), used_on__gte=OuterRef("released_on"), used_on__lte=today
    )
    count = 0
    for reference in ReferenceCustomer.objects.for_system(_WHY).filter(Exists(come), state=State.RELEASED):
        with transaction.atomic():
            hold(reference.customer_id)
            move_reference(None, reference, State.IN_USE)
        count += 1
    return count


@transaction.atomic
def call_off(*, actor: User, use: ReferenceUse) -> None:
    """A planned use will not be: the load is free again. Raises TransitionRefused once its day has come."""
    demand(actor, "reference.use")
    hold(use.customer_id)
    planned = ReferenceUse.objects.for_system(_WHY).filter(pk=use.pk).planned(timezone.localdate())
    if not planned.delete()[0]:
        raise TransitionRefused(f"used on {use.used_on}")


@transaction.atomic
def report_back(*, actor: User, use: ReferenceUse, outcome: str) -> None:
    """The customer was told what came of it."""
    demand(actor, "reference.use")
    hold(use.customer_id)
    _demand_past(use)
    use.outcome, use.feedback_given_at = Outcome(outcome), timezone.now()
    use.save(update_fields=["outcome", "feedback_given_at"])
    if use.thanked_at:
        duties.settle_use(use)


@dataclass(frozen=True)
class Gift:
    """How somebody was thanked; a gift has a value in euros."""

    how: str
    value: Decimal = Decimal(0)


@transaction.atomic
def thank_for_use(*, actor: User, use: ReferenceUse, gift: Gift) -> Thanks:
    """The customer was thanked for a use."""
    demand(actor, "reference.use")
    hold(use.customer_id)
    _demand_past(use)
    use.thanked_at = timezone.now()
    use.save(update_fields=["thanked_at"])
    if use.feedback_given_at:
        duties.settle_use(use)
    contact = use.scope.reference.contact
    return _give(actor, gift, customer_id=use.customer_id, contact=contact, use=use)


@transaction.atomic
def thank_recommender(*, actor: User, referral: ReferralContact, gift: Gift) -> Thanks:
    """The recommender was thanked for a contact."""
    demand(actor, "referral.edit")
    recommender = referral.recommender
    hold(recommender.customer_id)
    now = timezone.now()
    ReferralContact.objects.for_system("found by the caller").filter(pk=referral.pk).update(recommender_thanked_at=now)
    referral.recommender_thanked_at = now
    duties.settle_referral(referral, [duties.Kind.THANKS_DUE])
    return _give(actor, gift, customer_id=recommender.customer_id, contact=recommender.contact, referral=referral)


def given_this_year(contact: Contact | None, on: dt.date) -> Decimal:
    """Euros of gifts to a person in the business year of that day."""
    if contact is None:
        return Decimal(0)
    start = business_year_start(on)
    given = Thanks.objects.for_system("gifts add up whoever gave them").filter(contact=contact, given_on__gte=start, given_on__lte=on)
    return given.aggregate(total=Sum("value"))["total"] or Decimal(0)


def exceeds_gift_limit(contact: Contact | None, on: dt.date) -> bool:
    """Whether the gifts of this business year are worth more than the tax limit allows for one recipient."""
    return given_this_year(contact, on) > preferences.get(ReferralsPreferences).gift_limit


def business_year_start(on: dt.date) -> dt.date:
    month = preferences.get(CompanyPreferences).fiscal_year_start_month
    return dt.date(on.year if on.month >= month else on.year - 1, month, 1)


def _give(actor: User, gift: Gift, *, customer_id: int, contact: Contact | None, **for_what) -> Thanks:
    return Thanks.objects.create(
        customer_id=customer_id,
        contact=contact,
        how=Thanks.How(gift.how),
        value=gift.value,
        given_on=timezone.localdate(),
        by=actor,
        **for_what,
    )


def _demand_past(use: ReferenceUse) -> None:
    """Before its day there is nothing to tell, and nothing to thank for."""
    if use.used_on > timezone.localdate():
        raise TransitionRefused(f"planned for {use.used_on}")


def _check_load(scope: ReleaseScope, on: dt.date) -> None:
    days = personal_days(scope.reference)
    if not free_uses(scope, on, days):
        raise UseRefused("load", scope)
    apart = preferences.get(ReferralsPreferences).days_between_uses
    if any(abs((on - day).days) < apart for day in days):
        raise UseRefused("soon", scope)
