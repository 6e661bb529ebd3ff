"""How far the promoters of a survey have come as references and recommenders. Counts, no names."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, DateField, Exists, OuterRef, QuerySet

from innendienst.lib.prepared import Param, Prepared
from nps.models import Response, SurveyWave
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.suitability import PROMOTER_LEAST

_WHY = "counts of a survey, without names"
_AGREED = {ReferenceCustomer.State.AGREED, *ReferenceCustomer.USABLE, ReferenceCustomer.State.UNDER_REVIEW}


def _by_state(rows: QuerySet, customer: str) -> QuerySet:
    """(state, rows) of those whose customer is a promoter of the survey: begins with the few rows, not with the many who answered."""
    promoters = Response.objects.for_system(_WHY).counted().filter(wave=Param("wave"), rating__gte=PROMOTER_LEAST)
    theirs = rows.filter(Exists(promoters.filter(customer=OuterRef(customer))))
    return theirs.order_by().values_list("state").annotate(count=Count("pk"))


_ASKED = Prepared(
    lambda: _by_state(ReferenceCustomer.objects.for_system(_WHY).filter(asked_on__gte=Param("since", DateField())), "customer")
)
_NAMED = Prepared(
    lambda: _by_state(ReferralContact.objects.for_system(_WHY).filter(named_on__gte=Param("since", DateField())), "recommender__customer")
)


@dataclass(frozen=True)
class PromoterWay:
    """Customers that were asked for a reference since the survey began and agreed; contacts that promoters named since, and won."""

    asked: int
    agreed: int
    named: int
    won: int


def promoters_of(wave: SurveyWave) -> PromoterWay:
    """Two queries."""
    asked, agreed = _counted(_ASKED(wave=wave.pk, since=wave.starts_on), _AGREED)
    named, won = _counted(_NAMED(wave=wave.pk, since=wave.starts_on), {ReferralContact.State.CUSTOMER_WON})
    return PromoterWay(asked, agreed, named, won)


def _counted(by_state: Iterable[tuple[str, int]], achieved: set[str]) -> tuple[int, int]:
    """All, and those that got so far."""
    counts = dict(by_state)
    return sum(counts.values()), sum(count for state, count in counts.items() if state in achieved)
