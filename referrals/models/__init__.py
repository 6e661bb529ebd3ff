"""What came of it.

A ReferenceCustomer is a customer who may be, or is, shown to others: his suitability as colleagues rated it, who asks him and
when, and how far it has come. A ReleaseScope is what he allowed for one kind of use, with the written proof, a PublishedText one
version of a text he approved, a ReferenceUse one time that we used it. A ReferenceMoment says why now is a good time to ask. A
Recommender is a person who names others; a ReferralContact is whom he named: a person at a company that is a lead until it buys.
Thanks are what we gave back. A ReferencePlan is a filled planning template of a period.
"""

from referrals.models.moments import ReferenceMoment
from referrals.models.references import (
    Outcome,
    Place,
    PublishedText,
    ReferenceCustomer,
    ReferenceTransition,
    ReferenceUse,
    ReleaseScope,
    UseKind,
)
from referrals.models.referrals import Knows, Recommender, ReferralContact, ReferralTransition, Thanks
from referrals.plans.models import ReferencePlan, ReferencePlanCell, ReferencePlanRow, ReferencePlanSnapshot

__all__ = [
    "Knows",
    "Outcome",
    "Place",
    "PublishedText",
    "Recommender",
    "ReferenceCustomer",
    "ReferenceMoment",
    "ReferencePlan",
    "ReferencePlanCell",
    "ReferencePlanRow",
    "ReferencePlanSnapshot",
    "ReferenceTransition",
    "ReferenceUse",
    "ReferralContact",
    "ReferralTransition",
    "ReleaseScope",
    "Thanks",
    "UseKind",
]
