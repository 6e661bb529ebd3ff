"""Named reads of waves, of whom they ask, and of answers."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Absence, User
from accounts.permissions import allowed
from customers.models import Customer
from customers.querysets import CustomerLinkedQuerySet
from innendienst.lib.prepared import Param, Prepared


class SurveyWaveQuerySet(models.QuerySet):
    def latest_first(self) -> Self:
        return self.order_by("-starts_on", "-pk")

    def begun(self) -> Self:
        """Those that have or may have answers."""
        return self.exclude(state__in=self.model.NOT_BEGUN)


class InvitationQuerySet(CustomerLinkedQuerySet):
    """An invitation is seen by whoever sees its customer."""

    def waiting(self) -> Self:
        """Those who may still answer."""
        return self.filter(state__in=self.model.WAITING)


class ResponseQuerySet(CustomerLinkedQuerySet):
    """An answer of a customer is seen by whoever sees him; who it names is `named_to`'s matter."""

    def counted(self) -> Self:
        """Those that figures are made of: none that was marked as invalid."""
        return self.filter(invalid_reason="")

    def about(self, group: str) -> Self:
        """Those whose words name a group of reasons."""
        return self.filter(reason_groups__contains=f" {group} ")

    def named_to(self, user: User) -> Self:
        """Those whose names the user may see: as the customers' owner or the management, and only where the survey said so.

        An answer without a customer has no name; it stays with those who run surveys.
        """
        return self.visible_to(user).filter(known_of(user, "customer__"), wave__shows_names=True)


class CaseQuerySet(CustomerLinkedQuerySet):
    def waiting(self) -> Self:
        """Those about which nobody has spoken with the customer, or nobody has said what came of it."""
        return self.exclude(state=self.model.State.CLOSED)

    def named_to(self, user: User) -> Self:
        """Those whose answer the user may see by name."""
        return self.visible_to(user).filter(known_of(user, "customer__"))


_DAY = Param("today", models.DateField())
_ABSENT = Prepared(
    lambda: Absence.objects.filter(deputy=Param("user"), from_on__lte=_DAY, until_on__gte=_DAY).order_by().values_list("user", flat=True)
)


def owners_looked_after_by(user: User) -> set[int]:
    """Himself, and the colleagues he stands in for today."""
    return {user.pk, *_ABSENT(user=user.pk, today=timezone.localdate())}


def ids_looked_after_by(user: User, customers: Iterable[Customer]) -> set[int]:
    """Those of these customers whose answers `named_to` shows the user by name, told from rows that are loaded anyway."""
    if allowed(user, "nps.names"):
        return {customer.pk for customer in customers}
    owners = owners_looked_after_by(user)
    return {customer.pk for customer in customers if customer.owner_id in owners or customer.field_owner_id == user.pk}


def known_of(user: User, customer: str = "") -> Q:
    """The customers whose answers the user may know by name; `customer` is the way to them, with its underscores.

    Those he looks after, in the office or in the field, or stands in for today; for the management everybody.
    """
    if allowed(user, "nps.names"):
        return Q()
    absent = User.objects.deputised_by(user, timezone.localdate()).values("pk")
    return Q(**{f"{customer}owner": user}) | Q(**{f"{customer}field_owner": user}) | Q(**{f"{customer}owner__in": absent})
