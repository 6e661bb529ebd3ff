"""What Mein Tag reads, and what a save reads and locks, put together once per process: both are asked for all day.

`visible_customer` and `locked_customer` ask whether the user may see the customer. Everything else leaves that to its callers, who
hand in customers that he may see, or the user himself for his own rows.
"""

import datetime as dt
from collections.abc import Sequence

from django.db.models import BigIntegerField, DateField, Exists, F, OuterRef, Q, Subquery
from django.http import Http404

from accounts.models import User
from campaigns.models import DayListRow, Opportunity, OrderMatch
from customers.models import Activity, Complaint, Consent, Contact, ContactBlock, Customer, CustomerTag, FollowUp, Handover, Need
from customers.models.permissions import Channel
from innendienst.lib.prepared import IdsParam, Param, Prepared
from nps.models import Invitation, Response
from referrals.models import ReferenceCustomer, ReferralContact

LATEST_MOST = 5
_WHY = "rows of a person's own day, or of a customer he may see"


class Person(Param):
    """A user whom each call names, with the team that his pool belongs to."""

    team_id = Param("team")


_TODAY = Param("today", DateField())
_ASKED_OF_USER = OrderMatch.objects.filter(state=OrderMatch.State.ASKED, opportunity__owner=Param("user")).order_by()
_DAY_ROWS = Prepared(
    lambda: (
        DayListRow.objects.for_system(_WHY)
        .filter(user=Param("user"), day=_TODAY)
        .annotate(is_asked=Exists(_ASKED_OF_USER))
        .select_related("customer__facts")
        .order_by("position", "pk")
    )
)
_DUE = Prepared(lambda: FollowUp.objects.for_system(_WHY).due(_TODAY).for_person(Person("user"), _TODAY))
_REASONS = Prepared(lambda: Opportunity.objects.for_system(_WHY).on_the_table().filter(customer__in=IdsParam("customers")).best_first())
_PHONE_BLOCKS = ContactBlock.objects.for_system(_WHY).filter(contact=OuterRef("pk"), lifted_at=None, channel__in=["", Channel.PHONE])
_PEOPLE = Prepared(
    lambda: (
        Contact.objects.for_system(_WHY)
        .filter(customer__in=IdsParam("customers"))
        .annotate(is_blocked=Exists(_PHONE_BLOCKS))
        .order_by("pk")
    )
)
_CONTACT = Prepared(lambda: Contact.objects.for_system(_WHY).filter(customer=Param("customer"), pk=Param("contact")))
_OPEN_FOLLOW_UPS = Prepared(
    lambda: (
        FollowUp.objects.for_system(_WHY)
        .open()
        .filter(customer=Param("customer"))
        .annotate(first_name=F("assignee__first_name"), last_name=F("assignee__last_name"), team_name=F("team__name"))
    )
)
_UNDER_WAY = Prepared(lambda: Handover.objects.for_system(_WHY).open().filter(customer=Param("customer")).select_related("to"))
_LATEST = Prepared(
    lambda: (
        Activity.objects.for_system(_WHY)
        .standing()
        .filter(customer=Param("customer"))
        .annotate(first_name=F("by__first_name"), last_name=F("by__last_name"))
        .latest_first()[:LATEST_MOST]
    )
)


_MARKS = {
    name: Exists(rows.filter(customer=OuterRef("pk")))
    for name, rows in {
        "has_blocks": ContactBlock.objects.for_system(_WHY),
        "has_complaints": Complaint.objects.for_system(_WHY),
        "has_consents": Consent.objects.for_system(_WHY),
        "has_needs": Need.objects.for_system(_WHY),
        "has_handover": Handover.objects.for_system(_WHY).open(),
        "has_handovers": Handover.objects.for_system(_WHY),
        "has_invitation": Invitation.objects.for_system(_WHY).waiting(),
        "has_follow_up": FollowUp.objects.for_system(_WHY).open(),
        "has_ticked_follow_up": FollowUp.objects.for_system(_WHY).ticked(),
    }.items()
}
_SAME_NUMBER = Customer.objects.for_system(_WHY).filter(phone_e164=OuterRef("phone_e164"), merged_into=None).exclude(phone_e164="")
_MARKS["shares_number"] = Exists(_SAME_NUMBER.exclude(pk=OuterRef("pk")))
# Of a company that was recommended, and of one whose people named somebody.
_MARKS["has_referral"] = Exists(ReferralContact.objects.for_system(_WHY).filter(customer=OuterRef("pk"))) | Exists(
    ReferralContact.objects.for_system(_WHY).filter(recommender__customer=OuterRef("pk"))
)
_REFERENCE = ReferenceCustomer.objects.for_system(_WHY).filter(customer=OuterRef("pk"))
_ANSWERS = (
    Response.objects.for_system(_WHY).counted().filter(customer=OuterRef("pk"), wave__shows_names=True).order_by("-answered_on", "-pk")
)
_STANDING = {
    "reference_state": Subquery(_REFERENCE.values("state")),
    "thinking_until": Subquery(_REFERENCE.values("thinking_until")),
    "last_rating": Subquery(_ANSWERS.values("rating")[:1]),
    "answered_on": Subquery(_ANSWERS.values("answered_on")[:1]),
}
"""Null where there is none."""
_TAGGED = Exists(CustomerTag.objects.for_system(_WHY).filter(customer=OuterRef("pk")))
_CUSTOMER = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(pk=Param("customer"))
        .select_related("owner", "facts")
        .annotate(**_MARKS, **_STANDING, has_tags=_TAGGED)
    )
)
_STANDING_OF = Prepared(lambda: Customer.objects.for_system(_WHY).filter(pk=Param("customer")).annotate(**_STANDING).values(*_STANDING))
_MARKED = Prepared(
    lambda: Customer.objects.for_system(_WHY).filter(pk=Param("customer")).annotate(**_MARKS, **_STANDING).values(*_MARKS, *_STANDING)
)
_NAMED_REASONS = Prepared(lambda: Opportunity.objects.for_system(_WHY).filter(customer=Param("customer"), pk__in=IdsParam("ids")))
_LOCKED_REASONS = Prepared(
    lambda: (
        Opportunity.objects.for_system(_WHY)
        .filter(customer=Param("customer"), pk__in=IdsParam("ids"))
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
)
_LOCKED_CUSTOMER = Prepared(
    lambda: Customer.objects.for_system(_WHY).filter(pk=Param("customer")).select_for_update(no_key=True, of=("self",))
)
_IS_HIS_TO_CALL = Q(customer__owner=None) | Q(customer__owner=Param("user"))
_IS_HIS_TO_CALL |= Q(customer__owner__in=User.objects.followed_up_by(Person("user"), _TODAY).values("pk"))
_IS_ON_LIST = (
    ~Q(state=DayListRow.State.OPEN)
    | Q(source=DayListRow.Source.ADDED)
    | (_IS_HIS_TO_CALL & Exists(Opportunity.objects.for_system(_WHY).on_the_table().filter(customer=OuterRef("customer"))))
    | Exists(FollowUp.objects.for_system(_WHY).due(_TODAY).for_person(Person("user"), _TODAY).filter(customer=OuterRef("customer")))
)
_DAY_STATES = Prepared(
    lambda: (
        DayListRow.objects.for_system(_WHY)
        .filter(_IS_ON_LIST, user=Param("user"), day=_TODAY)
        .order_by("position", "pk")
        .values_list("customer", "state")
    )
)
_ASKED = Prepared(lambda: _ASKED_OF_USER.values_list("opportunity"))


def asked_count(user: User) -> int:
    """Opportunities of his of which an order may be the outcome, if he says so."""
    return len(set(_ASKED(user=user.pk)))


def visible_customer(user: User, pk: int) -> Customer:
    """The customer with owner and facts; whoever went into another one is that one. Raises Http404 where the user may not see him.

    Where nothing limits what the user sees, he comes with his marks (`mark`).
    """
    if pk > BigIntegerField.MAX_BIGINT:  # a prepared query hands it to the database as it is
        raise Http404
    visible = Customer.objects.visible_to(user)
    found = visible.filter(pk=pk).select_related("owner", "facts") if not visible.is_everybody else _CUSTOMER(customer=pk)
    customer = next(iter(found), None)
    if customer is None:
        raise Http404
    return visible_customer(user, customer.merged_into_id) if customer.merged_into_id else customer


def locked_customer(user: User, pk: int) -> Customer:
    """The customer as he is stored now, locked until the end of the transaction. Raises DoesNotExist where the user may not see him."""
    visible = Customer.objects.visible_to(user)
    if not visible.is_everybody:
        return visible.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    customer = next(iter(_LOCKED_CUSTOMER(customer=pk)), None)
    if customer is None:
        raise Customer.DoesNotExist(pk)
    return customer


def mark(customer: Customer) -> None:
    """Note on the customer what there is of him to read, so that a card does not ask for what there is not, and how he stands to us."""
    for marks in _MARKED(customer=customer.pk):
        vars(customer).update(marks)


def stand(customer: Customer) -> None:
    """Note on the customer his state as a reference and his last answer in a survey that names people, where he came without."""
    if "reference_state" not in vars(customer):
        for standing in _STANDING_OF(customer=customer.pk):
            vars(customer).update(standing)


def day_states(user: User, today: dt.date) -> list[tuple[int, str]]:
    """Customer ids and states of the person's list in drawn order, without open ones of whom nothing is left to say, or not by him."""
    return list(_DAY_STATES(user=user.pk, team=user.team_id, today=today))


def named_reasons(customer: Customer, ids: Sequence[int]) -> dict[int, Opportunity]:
    """Those of the named opportunities that are the customer's, in whatever state."""
    return {opportunity.pk: opportunity for opportunity in _NAMED_REASONS(customer=customer.pk, ids=ids)} if ids else {}


def locked_reasons(customer: Customer, ids: Sequence[int]) -> dict[int, Opportunity]:
    """The same as they are stored now, locked until the end of the transaction."""
    return {opportunity.pk: opportunity for opportunity in _LOCKED_REASONS(customer=customer.pk, ids=ids)} if ids else {}


def day_rows(user: User, today: dt.date) -> list[DayListRow]:
    """The person's list in drawn order, with customers and their facts; `is_asked` of each is whether `asked_count` finds any."""
    return list(_DAY_ROWS(user=user.pk, today=today))


def due_follow_ups(user: User, today: dt.date) -> list[FollowUp]:
    """What has come back to the person."""
    return list(_DUE(user=user.pk, team=user.team_id, today=today))


def open_reasons(customer_ids: Sequence[int]) -> list[Opportunity]:
    """Those worth talking about, best first."""
    return list(_REASONS(customers=customer_ids))


def people(customer_ids: Sequence[int]) -> list[Contact]:
    """Contacts, each with `is_blocked`: whether nobody may call him."""
    return list(_PEOPLE(customers=customer_ids))


def contact_of(customer: Customer, pk: int) -> Contact | None:
    """One of the customer's people; None where there is no such person, or it is somebody else's."""
    if abs(pk) > BigIntegerField.MAX_BIGINT:
        return None
    contact = next(iter(_CONTACT(customer=customer.pk, contact=pk)), None)
    if contact:
        contact.customer = customer
    return contact


def open_follow_ups(customer: Customer) -> list[FollowUp]:
    """All that is still to be done for a customer, by anybody, each with the name of whose it is: a person's or a team's."""
    return list(_OPEN_FOLLOW_UPS(customer=customer.pk)) if customer.has_follow_up else []


def handover_under_way(customer: Customer) -> Handover | None:
    """What field sales is asked for, or has taken over; there is one at most."""
    return next(iter(_UNDER_WAY(customer=customer.pk)), None) if customer.has_handover else None


def latest_activities(customer: Customer) -> list[Activity]:
    """The last standing contacts, youngest first, each with `author`, the name of who had it."""
    found = list(_LATEST(customer=customer.pk))
    for activity in found:
        activity.author = f"{activity.first_name} {activity.last_name}".strip()
    return found
