"""Named reads of references and referrals."""

import datetime as dt
from typing import Self

from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet

from customers.models import Complaint
from customers.querysets import CustomerLinkedQuerySet


class Points(Func):
    """Points to sort by: none are the fewest. Written out, because a prepared query would hide the number from the index."""

    template = "COALESCE(%(expressions)s, -1)"
    output_field = IntegerField()


class ReferenceQuerySet(CustomerLinkedQuerySet):
    def usable(self) -> Self:
        """Those that were released and are neither paused, under review, ended nor withdrawn."""
        return self.filter(state__in=self.model.USABLE)

    def with_scope(self, today: dt.date, *, kind: str = "") -> Self:
        """Those with a release of this kind (of any where none is named) that has its proof and has not ended."""
        scopes = self.model.scopes.rel.related_model.objects.usable(today).filter(reference=OuterRef("pk"))
        return self.filter(Exists(scopes.filter(kind=kind) if kind else scopes))


class ReleaseScopeQuerySet(QuerySet):
    def usable(self, today: dt.date) -> Self:
        """Those that lie in writing and have not ended; the reference's own state is asked apart."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=today), withdrawn_at=None, released_on__isnull=False)


class ReferenceUseQuerySet(CustomerLinkedQuerySet):
    def owing(self, today: dt.date) -> Self:
        """Those that have been, after which the customer has not heard from us, or was not thanked."""
        return self.filter(Q(feedback_given_at=None) | Q(thanked_at=None), used_on__lte=today)

    def planned(self, today: dt.date) -> Self:
        """Those that are still to come."""
        return self.filter(used_on__gt=today)


class ReferralQuerySet(CustomerLinkedQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=self.model.OPEN)

    def untouched(self) -> Self:
        """Those nobody has contacted yet."""
        return self.filter(state__in=self.model.UNTOUCHED)


class ReferenceMomentQuerySet(CustomerLinkedQuerySet):
    def undisturbed(self) -> Self:
        """Without deliveries about which, or after which, the customer complained."""
        complaints = Complaint.objects.for_system("complaints of a moment's own customer").filter(
            customer=OuterRef("customer"), raised_on__gte=OuterRef("occasion_on")
        )
        return self.exclude(Q(kind=self.model.Kind.DELIVERY) & Exists(complaints))

    def open(self, today: dt.date) -> Self:
        """Those that are good on that day and were suggested to nobody."""
        return self.filter(opens_on__lte=today, valid_until__gte=today, suggested_on=None)
