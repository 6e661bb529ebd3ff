"""What becomes of each row that leads to a customer, or to a person of his, when he is merged into another one."""

from enum import Enum, auto

from django.db.models import Model

from campaigns.models import CallListRow, CampaignMember, DayListRow, LearnedNeed, Opportunity
from customers.models import (
    Activity,
    Complaint,
    Consent,
    Contact,
    ContactBlock,
    Customer,
    CustomerFacts,
    CustomerTag,
    FollowUp,
    Handover,
    Merge,
    Message,
    Need,
    NotDuplicate,
    Order,
    OrderLine,
    PurchaseMonth,
    PurchaseRhythm,
    SearchToken,
    Touched,
)
from nps.models import Case, Invitation, Response
from referrals.models import (
    Recommender,
    ReferenceCustomer,
    ReferenceMoment,
    ReferencePlanRow,
    ReferenceUse,
    ReferralContact,
    Thanks,
)


class Fate(Enum):
    """Where the surviving customer has such a row already and there may be one only, the other one stays where it is, or goes."""

    FOLLOWS = auto()
    FOLLOWS_OR_GOES = auto()
    COMPUTED = auto()  # the refresh of both customers makes it anew
    STAYS = auto()  # it speaks of the number that is no more


Column = tuple[type[Model], str]

OF_CUSTOMERS: dict[Column, Fate] = {
    (Customer, "merged_into"): Fate.FOLLOWS,
    (Contact, "customer"): Fate.FOLLOWS,
    (Order, "customer"): Fate.FOLLOWS,
    (OrderLine, "customer"): Fate.FOLLOWS,
    (Activity, "customer"): Fate.FOLLOWS,
    (FollowUp, "customer"): Fate.FOLLOWS,
    (Complaint, "customer"): Fate.FOLLOWS,
    (Handover, "customer"): Fate.FOLLOWS,
    (ContactBlock, "customer"): Fate.FOLLOWS,
    (Consent, "customer"): Fate.FOLLOWS,
    (Need, "customer"): Fate.FOLLOWS,
    (CustomerTag, "customer"): Fate.FOLLOWS,
    (Opportunity, "customer"): Fate.FOLLOWS,
    (CampaignMember, "customer"): Fate.FOLLOWS,
    (DayListRow, "customer"): Fate.FOLLOWS_OR_GOES,
    (Invitation, "customer"): Fate.FOLLOWS,
    (Response, "customer"): Fate.FOLLOWS,
    (Case, "customer"): Fate.FOLLOWS,
    (ReferenceMoment, "customer"): Fate.FOLLOWS_OR_GOES,
    (ReferenceCustomer, "customer"): Fate.FOLLOWS,
    (ReferenceUse, "customer"): Fate.FOLLOWS,
    (ReferenceUse, "prospect"): Fate.FOLLOWS,
    (Recommender, "customer"): Fate.FOLLOWS,
    (ReferralContact, "customer"): Fate.FOLLOWS,
    (Thanks, "customer"): Fate.FOLLOWS,
    (ReferencePlanRow, "customer"): Fate.FOLLOWS,
    (SearchToken, "customer"): Fate.COMPUTED,
    (Touched, "customer"): Fate.COMPUTED,
    (PurchaseMonth, "customer"): Fate.COMPUTED,
    (PurchaseRhythm, "customer"): Fate.COMPUTED,
    (CustomerFacts, "customer"): Fate.COMPUTED,
    (LearnedNeed, "customer"): Fate.COMPUTED,
    (CallListRow, "customer"): Fate.COMPUTED,
    (NotDuplicate, "customer"): Fate.STAYS,
    (NotDuplicate, "other"): Fate.STAYS,
    (Merge, "customer"): Fate.STAYS,
    (Merge, "into"): Fate.STAYS,
}

OF_PEOPLE: dict[Column, Fate] = {
    (Activity, "contact"): Fate.FOLLOWS,
    (FollowUp, "contact"): Fate.FOLLOWS,
    (Complaint, "contact"): Fate.FOLLOWS,
    (Handover, "contact"): Fate.FOLLOWS,
    (ContactBlock, "contact"): Fate.FOLLOWS,
    (Consent, "contact"): Fate.FOLLOWS,
    (Message, "contact"): Fate.FOLLOWS,
    (Invitation, "contact"): Fate.FOLLOWS,
    (ReferenceCustomer, "contact"): Fate.FOLLOWS,
    (Recommender, "contact"): Fate.FOLLOWS,
    (ReferralContact, "contact"): Fate.FOLLOWS,
    (Thanks, "contact"): Fate.FOLLOWS,
}
"""For the people whom both customers have: rows about the one become rows about the other."""
