"""Which columns about customers hold personal data, why, how long, and how they are erased.

A company is no person, but many a company bears its owner's name and phone number: its columns count as personal too.
"""

from innendienst.lib.personal import Column

_AS_CUSTOMER = "while the company is a customer, then 3 years after the last contact"
_AS_CONTACT = "while the person speaks for the customer, then 3 years after the last contact"
_NOTE = "3 years after the last contact"

_NAME = Column("whom we deliver to and call", _AS_CUSTOMER, "replaced by the customer number")
_ADDRESS = Column("letters, delivery, and who looks after which region", _AS_CUSTOMER, "blanked")
_REACHED = Column("calling and writing to the customer", _AS_CUSTOMER, "blanked, a keyed hash stays in the block list")
_PERSON = Column("addressing the person properly", _AS_CONTACT, "blanked")
_PERSON_REACHED = Column("calling and writing to the person", _AS_CONTACT, "blanked, a keyed hash stays in the block list")

PERSONAL = {
    "Customer.name": _NAME,
    "Customer.sort_key": Column("sorting by name", _AS_CUSTOMER, "made anew from the number"),
    "Customer.street": _ADDRESS,
    "Customer.postcode": _ADDRESS,
    "Customer.town": _ADDRESS,
    "Customer.phone": _REACHED,
    "Customer.phone_e164": _REACHED,
    "Customer.email": _REACHED,
    "SearchToken.token": Column("finding a customer by any of its words", _AS_CUSTOMER, "written anew from what is left"),
    "Contact.salutation": _PERSON,
    "Contact.title": _PERSON,
    "Contact.first_name": _PERSON,
    "Contact.last_name": Column("knowing whom to ask for", _AS_CONTACT, "replaced by a dash"),
    "Contact.role": Column("knowing who decides what", _AS_CONTACT, "blanked"),
    "Contact.phone": _PERSON_REACHED,
    "Contact.phone_e164": _PERSON_REACHED,
    "Contact.mobile": _PERSON_REACHED,
    "Contact.mobile_e164": _PERSON_REACHED,
    "Contact.email": _PERSON_REACHED,
    "Contact.source": Column("saying where the data came from (Art. 14, 15 GDPR)", _AS_CONTACT, "blanked"),
    "Contact.mail_notice_proof": Column("proof of the notice (§ 7(3) UWG)", "5 years after the last use", "blanked"),
    "Contact.match_key": Column("recognising the person in the next import", _AS_CONTACT, "blanked"),
    "Activity.note": Column("going on where the last call ended", _NOTE, "blanked"),
    "Activity.gate_answer": Column("showing why the contact was allowed", "5 years after the contact", "names taken out, rule kept"),
    "FollowUp.note": Column("knowing what was promised", _NOTE, "blanked"),
    "Complaint.title": Column("solving what the customer complained about", _NOTE, "blanked"),
    "ComplaintTransition.reason": Column("knowing how a complaint was settled", _NOTE, "blanked"),
    "Handover.note": Column("telling field sales what the customer wants", _NOTE, "blanked"),
    "Handover.result": Column("going on where the visit ended", _NOTE, "blanked"),
    "Handover.next_step": Column("knowing what was promised in the visit", _NOTE, "blanked"),
    "HandoverTransition.reason": Column("knowing why nobody goes", _NOTE, "blanked"),
    "ContactBlock.reason": Column("showing why nobody may call", "as long as the block stands", "blanked, the block stays"),
    "BlockedReach.reach": Column(
        "knowing again whom nobody may contact (Art. 21 GDPR)", "as long as the block stands", "stays: a keyed hash"
    ),
    "Consent.text_version": Column("proof of what was agreed to", "5 years after the last use", "row deleted"),
    "Consent.proof": Column("proof of the agreement (§ 7a UWG)", "5 years after the last use", "row deleted"),
    "MergeMove.before": Column("taking a merge of two customers back", "30 days", "row deleted nightly"),
    "MergeMove.after": Column("taking a merge of two customers back", "30 days", "row deleted nightly"),
    "ImportRun.file_name": Column("finding the list again", "12 months", "blanked"),
    "ImportRun.reading": Column("showing how a list was understood: first cells of each column", "30 days", "emptied nightly"),
    "ImportAnswer.key": Column("knowing again whom or what a list means", "as long as lists come", "none: names of staff and documents"),
    "ImportRun.carried": Column("taking over what was previewed", "until the list is taken over or left", "emptied then"),
    "ImportRun.undone": Column("saying which rows stayed when a list was taken back", "30 days", "emptied nightly"),
    "ImportBefore.before": Column("taking a list back", "30 days", "row deleted nightly"),
    "ImportBefore.after": Column("taking a list back", "30 days", "row deleted nightly"),
    "ImportRow.data": Column("taking over what was previewed, taking it back", "30 days", "row deleted nightly"),
    "ImportRun.messages": Column("correcting rows that were refused: values as they stood in the list", "30 days", "emptied nightly"),
}

IMPERSONAL = {
    "Customer.number", "Customer.number_key", "Customer.country", "Customer.industry", "Customer.group_number",
    "Customer.lifecycle", "Customer.stated_abc_class", "Contact.language", "IndustrySum.industry",
    "Activity.kind", "Activity.direction", "Activity.outcome", "Activity.detail", "FollowUp.kind", "FollowUp.origin",
    "Activity.satisfied", "Complaint.satisfied",
    "Complaint.kind", "Complaint.state", "ComplaintTransition.from_state", "ComplaintTransition.to_state",
    "Customer.field_word", "Handover.criteria", "Handover.state", "HandoverTransition.from_state", "HandoverTransition.to_state",
    "ContactBlock.channel", "ContactBlock.kind", "Consent.channel",
    "ImportRun.kind", "ImportRun.state", "ImportRun.failure", "ImportRun.verdict", "ImportRun.sha256", "ImportRun.stored_as",
    "ImportBefore.table", "ImportRow.fate",
    "ImportAnswer.topic", "ImportAnswer.said",
    "ImportMapping.kind", "ImportMapping.header_key", "ImportMapping.fields",
    "ImportLine.number", "ImportLine.number_key", "ImportLine.unit", "ImportLine.status",
    "Message.key", "Message.kind", "Message.facts", "Message.purpose", "Message.gate_answer", "Message.message_id", "Message.state",
    "ProductGroup.name", "Product.sku", "Product.sku_key", "Product.name", "Product.kind", "Product.unit",
    "ProductRelation.kind", "ProductRelation.argument", "Order.number", "Order.number_key", "OrderLine.unit", "OrderLine.status",
    "PurchaseRhythm.recent_on", "CustomerFacts.abc_class", "CustomerFacts.value_parts", "CustomerFacts.churn_band",
    "Segment.name", "Segment.criteria", "Tag.name", "Tag.key",
    "Need.supplier", "Need.before",
    "MergeMove.table", "MergeMove.rows",
    "ScoreScale.measure", "ScoreScale.points",
}  # fmt: skip
