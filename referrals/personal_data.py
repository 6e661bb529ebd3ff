"""Which columns about references and referrals hold personal data, why, how long, and how they are erased."""

from innendienst.lib.personal import Column

_RELEASED = "until the release has ended, then 3 years"
_PLANNED = "as long as the plan; of an erased contact nothing"
_REFERRED = "6 months without result, else as long as the contact"

PERSONAL = {
    "ReferenceTransition.reason": Column("knowing why a customer declined or wished a pause", "12 months after a no", "blanked"),
    "ReferenceTransition.gate_answer": Column("showing why the customer could be asked", "5 years", "names taken out, rule kept"),
    "ReleaseScope.limits": Column("respecting what the customer allowed", _RELEASED, "blanked"),
    "PublishedText.text": Column("publishing what was approved, and nothing else", _RELEASED, "row deleted"),
    "ReferencePlanCell.value": Column("planning whom to ask, and for what", _PLANNED, "blanked"),
    "ReferencePlanSnapshot.content": Column("reading a frozen plan as it stood", _PLANNED, "blanked"),
    "ReferralContact.phone": Column("calling once there is a basis; hidden until then", _REFERRED, "blanked"),
    "ReferralContact.topic": Column("knowing what the person may be interested in", _REFERRED, "blanked"),
    "ReferralContact.legal_note": Column("showing why a call was allowed", _REFERRED, "blanked"),
    "ReferralTransition.gate_answer": Column("showing why the contact was allowed", "5 years", "names taken out, rule kept"),
}

IMPERSONAL = {
    "ReferenceCustomer.state", "ReferenceCustomer.resumes_as", "ReferenceTransition.from_state", "ReferenceTransition.to_state",
    "ReferenceTransition.before", "ReleaseScope.kind", "ReleaseScope.places", "ReferenceUse.place", "ReferenceUse.outcome",
    "ReferenceMoment.kind", "ReferencePlanRow.section", "ReferencePlanRow.file_key", "ReferencePlanCell.column",
    "ReferralContact.state", "ReferralContact.source", "ReferralContact.knows",
    "ReferralTransition.from_state", "ReferralTransition.to_state", "ReferralTransition.reason", "Thanks.how",
}  # fmt: skip
