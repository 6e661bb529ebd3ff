"""Named reads of waves and answers."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import allowed
from customers.querysets import CustomerLinkedQuerySet


class SurveyWaveQuerySet(models.QuerySet):
    def latest_first(self) -> Self:
        return self.order_by("-starts_on", "-pk")


class ResponseQuerySet(CustomerLinkedQuerySet):
    """An answer of a customer is seen by whoever sees him; who it names is `named_to`'s matter."""

    def named_to(self, user: User) -> Self:
        """Those whose names the user may see: as the customers' owner or the management, and only where the survey said so.

        An answer without a customer has no name; it stays with those who run surveys.
        """
        visible = self.visible_to(user).filter(wave__shows_names=True)
        if allowed(user, "nps.names"):
            return visible
        return visible.filter(Q(customer__owner=user) | Q(customer__field_owner=user))
