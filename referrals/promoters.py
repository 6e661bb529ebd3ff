"""How far the promoters of a survey have come as references and recommenders. Counts, no names."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from nps.models import Response, SurveyWave
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.suitability import PROMOTER_LEAST

_WHY = "counts of a survey, without names"
_AGREED = (ReferenceCustomer.State.AGREED, *ReferenceCustomer.USABLE, ReferenceCustomer.State.UNDER_REVIEW)


@dataclass(frozen=True)
class PromoterWay:
    """Customers that were asked for a reference since the survey began and agreed; contacts that promoters named since, and won."""

    asked: int
    agreed: int
    named: int
    won: int


def promoters_of(wave: SurveyWave) -> PromoterWay:
    """Two queries that begin with the few who were asked, not with the many who answered."""
    answered = Response.objects.for_system(_WHY).counted().filter(wave=wave, rating__gte=PROMOTER_LEAST)
    asked = ReferenceCustomer.objects.for_system(_WHY).filter(asked_on__gte=wave.starts_on)
    references = asked.filter(Exists(answered.filter(customer=OuterRef("customer")))).aggregate(
        asked=Count("pk"), agreed=Count("pk", filter=Q(state__in=_AGREED))
    )
    named = ReferralContact.objects.for_system(_WHY).filter(named_on__gte=wave.starts_on)
    contacts = named.filter(Exists(answered.filter(customer=OuterRef("recommender__customer")))).aggregate(
        named=Count("pk"), won=Count("pk", filter=Q(state=ReferralContact.State.CUSTOMER_WON))
    )
    return PromoterWay(**references, **contacts)
