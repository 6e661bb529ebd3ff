"""Named reads of opportunities and call lists."""

import datetime as dt
from typing import Self

from accounts.models import User
from customers.querysets import CustomerLinkedQuerySet


class OpportunityQuerySet(CustomerLinkedQuerySet):
    def suggested(self) -> Self:
        return self.filter(state=self.model.State.SUGGESTED)

    def on_the_table(self) -> Self:
        """Those worth talking about in the next call: suggested, planned or in talks."""
        return self.filter(state__in=self.model.OPEN)

    def resting(self, today: dt.date) -> Self:
        """Closed ones whose products stay away until their rest is over."""
        return self.filter(rests_until__gt=today)

    def best_first(self) -> Self:
        return self.order_by("-rank_value", "pk")


class CallListQuerySet(CustomerLinkedQuerySet):
    def callable_on(self, today: dt.date) -> Self:
        return self.filter(callable_from__lte=today)

    def best_first(self) -> Self:
        return self.order_by("-rank_value", "customer_id")


class DayListQuerySet(CustomerLinkedQuerySet):
    def of(self, user: User, day: dt.date) -> Self:
        return self.filter(user=user, day=day).order_by("position", "pk")
