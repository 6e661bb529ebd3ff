"""Named reads of waves, invitations, answers and cases."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import allowed
from customers.querysets import CustomerLinkedQuerySet


class SurveyWaveQuerySet(models.QuerySet):
    def answered(self) -> Self:
        """Waves that have begun, the latest first: those that the pages show figures of."""
        return self.exclude(state__in=["draft", "scheduled"]).latest_first()

    def latest_first(self) -> Self:
        return self.order_by("-starts_on", "-pk")

    def open(self) -> Self:
        return self.filter(state="open")


class ResponseQuerySet(CustomerLinkedQuerySet):
    """An answer of a customer is seen by whoever sees him; who it names is `named_to`'s matter."""

    def counted(self) -> Self:
        """Without those that were marked invalid."""
        return self.filter(invalid_reason="")

    def named_to(self, user: User) -> Self:
        """Those whose names the user may see: as the customers' owner or the management, and only where the survey said so.

        An answer without a customer has no name; it stays with those who run surveys.
        """
        visible = self.visible_to(user).filter(wave__shows_names=True)
        if allowed(user, "nps.names"):
            return visible
        return visible.filter(Q(customer__owner=user) | Q(customer__field_owner=user))


class CaseQuerySet(CustomerLinkedQuerySet):
    def open(self) -> Self:
        return self.exclude(state="closed")

    def overdue(self, today: dt.date) -> Self:
        return self.open().filter(due_on__lt=today)
