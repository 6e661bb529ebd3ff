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

    def asked_about(self) -> Self:
        """Those of which an order may be the outcome, if a person says so."""
        return self.filter(pk__in=self.model.order_matches.rel.related_model.objects.filter(state="asked").values("opportunity"))

    def best_first(self) -> Self:
        return self.order_by("-rank_value", "pk")


class CallListQuerySet(CustomerLinkedQuerySet):
    def callable_on(self, today: dt.date) -> Self:
        return self.filter(callable_from__lte=today)

    def best_of(self, owner_id: int | None, lead: str) -> Self:
        """One person's customers, or with None the unassigned ones, led by one kind, best first, in the order of the index.

        The owner stands in the order for PostgreSQL alone, which does not see that unassigned ones share theirs.
        """
        return self.filter(owner=owner_id, lead=lead).order_by("owner_id", "lead", "-rank_value", "customer_id")


class DayListQuerySet(CustomerLinkedQuerySet):
    def of(self, user: User, day: dt.date) -> Self:
        return self.filter(user=user, day=day).order_by("position", "pk")
