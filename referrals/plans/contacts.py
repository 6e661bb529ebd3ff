"""What a reference plan says of referral contacts: nothing that their own page would not show, and nothing once they are erased."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.gate_rules import Answer
from customers.models import CustomerFacts
from referrals.calling import has_basis, may_call
from referrals.models import ReferralContact
from referrals.plans.models import ReferencePlanCell, ReferencePlanSnapshot
from referrals.plans.template import NO, YES

_WHY = "a plan's own referral contacts"
State = ReferralContact.State


def load(ids: Sequence[int]) -> dict[int, ReferralContact]:
    found = ReferralContact.objects.for_system(_WHY).select_related("contact", "customer", "recommender__contact", "recommender__customer")
    referrals = found.in_bulk(ids)
    facts = CustomerFacts.objects.for_system(_WHY).in_bulk([one.customer_id for one in referrals.values()])
    for one in referrals.values():
        one.revenue_12m = facts[one.customer_id].revenue_12m if one.customer_id in facts else 0
    return referrals


def values(referral: ReferralContact, today: dt.date) -> Iterator[tuple[str, str]]:
    recommender, is_won = referral.recommender, referral.state == State.CUSTOMER_WON
    yield "recommender", f"{recommender.contact.full_name}, {recommender.customer.name}"
    yield "result", referral.state
    yield "named_on", referral.named_on.isoformat()
    yield "won", YES if is_won else NO
    if recommender.may_name_me is not None:
        yield "may_name", YES if recommender.may_name_me else NO
    days = {
        "informed_on": referral.art14_informed_at, "called_on": referral.first_contact_on, "told_on": referral.recommender_informed_at,
        "thanked_on": referral.recommender_thanked_at,
    }  # fmt: skip
    for column, day in days.items():
        if day is not None:
            yield column, (timezone.localdate(day) if isinstance(day, dt.datetime) else day).isoformat()
    if is_won:
        yield "revenue", f"{referral.revenue_12m:.2f}"
    if referral.state == State.ERASED:
        return
    yield "company", referral.customer.name
    yield "contact", referral.contact.full_name
    yield "caller", str(referral.owner_id)
    yield "knows", referral.knows
    yield "way", _way(referral, today)
    if has_basis(referral):
        yield "phone", referral.contact.phone_display


def _way(referral: ReferralContact, today: dt.date) -> str:
    if referral.state in {State.NOT_INTERESTED, State.BLOCKED}:
        return _("none")
    if has_basis(referral) and may_call(referral, today).answer == Answer.ALLOWED:
        return _("phone, letter")
    return _("letter") if referral.state == State.LETTER_ONLY else _("to be clarified")


def forget(referral: ReferralContact) -> None:
    """Take an erased contact out of all plans: what people wrote into his rows, and what frozen plans remember of them."""
    ReferencePlanCell.objects.filter(row__referral=referral).update(value="")
    for snapshot in ReferencePlanSnapshot.objects.filter(document__rows__referral=referral).distinct():
        row_ids = {str(pk) for pk in snapshot.document.rows.filter(referral=referral).values_list("pk", flat=True)}
        snapshot.content = {row_id: ({} if row_id in row_ids else cells) for row_id, cells in snapshot.content.items()}
        snapshot.save(update_fields=["content"])
