"""Which columns about reasons to call and about plans hold personal data.

Of the reasons none: facts are dates, counts, quantities and ids of goods. What a person said stands in the activity's note. Reasons
for a step are codes. All of it says something about a company's purchases and goes with the customer's rows. Plans are written by
people about what people do: they may name colleagues.
"""

from innendienst.lib.personal import Column

_PLANNED = Column(
    "planning who does what until when", "as long as the plan is kept, 3 years after its last day", "the name is taken out of the text"
)

PERSONAL: dict[str, Column] = {
    "SalesPlanCell.value": _PLANNED,
    "SalesPlanSnapshot.content": _PLANNED,
    "Campaign.aim": _PLANNED,
    "Measure.title": _PLANNED,
    "Measure.with_whom": _PLANNED,
    "Measure.next_step": _PLANNED,
}
IMPERSONAL = {
    "Opportunity.kind", "Opportunity.subject_key", "Opportunity.state", "Opportunity.facts", "Opportunity.lost_reason",
    "Opportunity.order_number",
    "OpportunityItem.facts",
    "OpportunityTransition.from_state", "OpportunityTransition.to_state", "OpportunityTransition.reason",
    "OpportunityAnswer.answer", "OpportunityAnswer.reason", "OpportunityAnswer.before", "Quote.number",
    "OrderMatch.order_key", "OrderMatch.order_number", "OrderMatch.product_ids", "OrderMatch.state", "OrderMatch.before",
    "CallGuide.kind", "CallGuide.language", "CallGuide.texts",
    "WinRate.kind", "WinRate.abc_class", "MeanNeed.kind", "CallListRow.kinds", "CallListRow.lead", "DayListRow.source",
    "DayListRow.state", "DayListRow.state_before",
    "Campaign.name", "Campaign.state", "Campaign.call_text", "Campaign.letter_text", "Campaign.mail_subject",
    "Campaign.criteria", "Campaign.counts", "Campaign.result",
    "CampaignTransition.from_state", "CampaignTransition.to_state", "CampaignTransition.reason",
    "CampaignVersion.content", "OfferCondition.kind", "CampaignMember.part", "CampaignMember.reason", "CampaignMember.abc_class",
    "Measure.possibility", "Measure.state", "Measure.origin", "MeasureTransition.from_state", "MeasureTransition.to_state",
    "MeasureTransition.reason", "SalesPlanRow.section", "SalesPlanRow.file_key", "SalesPlanCell.column",
}  # fmt: skip
