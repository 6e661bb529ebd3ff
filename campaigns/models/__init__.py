"""Why we call.

An Opportunity is one reason to call a customer: a suggestion computed from his purchases, with its articles as
OpportunityItems, until somebody answers it; from then on it has a state of its own. An OpportunityAnswer is what a call
brought for it, a Quote what was offered in writing, an OrderMatch an order of the ERP that fits it. A CallListRow sums up
what speaks for calling a customer, a DayListRow is his place on one person's list of one day. A WinRate remembers how often
each kind of reason was won. A LearnedNeed says how likely a customer is to buy an article soon, as all order lines together
teach it, a MeanNeed what is usual.

What people plan stands in packages of its own: measures/ (a Measure with owner, days and goals), plans/ (the planning template)
and special/ (a Campaign with its conditions and members).
"""

from campaigns.measures.models import Measure, MeasureTransition
from campaigns.models.chances import LearnedNeed, MeanNeed, WinRate
from campaigns.models.guides import CallGuide
from campaigns.models.kinds import Kind, LostReason, ReopenReason
from campaigns.models.lists import CallListRow, DayListRow
from campaigns.models.opportunities import Opportunity, OpportunityAnswer, OpportunityItem, OpportunityTransition
from campaigns.models.orders import OrderMatch, Quote
from campaigns.plans.models import SalesPlan, SalesPlanCell, SalesPlanRow, SalesPlanSnapshot
from campaigns.special.models import Campaign, CampaignMember, CampaignTransition, CampaignVersion, OfferCondition

__all__ = [
    "CallGuide",
    "CallListRow",
    "Campaign",
    "CampaignMember",
    "CampaignTransition",
    "CampaignVersion",
    "DayListRow",
    "Kind",
    "LearnedNeed",
    "LostReason",
    "MeanNeed",
    "Measure",
    "MeasureTransition",
    "OfferCondition",
    "Opportunity",
    "OpportunityAnswer",
    "OpportunityItem",
    "OpportunityTransition",
    "OrderMatch",
    "Quote",
    "ReopenReason",
    "SalesPlan",
    "SalesPlanCell",
    "SalesPlanRow",
    "SalesPlanSnapshot",
    "WinRate",
]
