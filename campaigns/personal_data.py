"""Which columns about reasons to call hold personal data.

None: facts are dates, counts, quantities and ids of goods. What a person said stands in the activity's note. Reasons for a step
are codes. All of it says something about a company's purchases and goes with the customer's rows.
"""

from innendienst.lib.personal import Column

PERSONAL: dict[str, Column] = {}
IMPERSONAL = {
    "Opportunity.kind", "Opportunity.subject_key", "Opportunity.state", "Opportunity.facts", "Opportunity.lost_reason",
    "Opportunity.order_number",
    "OpportunityItem.facts",
    "OpportunityTransition.from_state", "OpportunityTransition.to_state", "OpportunityTransition.reason",
    "OpportunityAnswer.answer", "OpportunityAnswer.reason", "OpportunityAnswer.before", "Quote.number",
    "OrderMatch.order_key", "OrderMatch.order_number", "OrderMatch.product_ids", "OrderMatch.state", "OrderMatch.before",
    "WinRate.kind", "WinRate.abc_class", "CallListRow.kinds", "CallListRow.lead", "DayListRow.source", "DayListRow.state",
    "DayListRow.state_before",
}  # fmt: skip
