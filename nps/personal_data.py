"""Which columns about answers hold personal data, why, how long, and how they are erased."""

from innendienst.lib.personal import Column

_ANSWER = Column("learning why customers recommend us or do not", "24 months, then the rating alone stays", "blanked, the rating stays")
_LINK = Column("one answer per person, and none by guessing", "until the survey is evaluated", "row's link removed")

PERSONAL = {
    "Invitation.nonce": _LINK,
    "Invitation.token_hash": _LINK,
    "Response.reason": _ANSWER,
    "Response.invalid_reason": Column("showing why an answer does not count", "24 months", "blanked"),
    "ResponseChange.reason": _ANSWER,
    "SurveyWaveTransition.reason": Column("knowing how a survey went on", "as long as the survey is kept", "blanked"),
    "CaseTransition.reason": Column("knowing what came of the talk", "24 months", "blanked"),
    "ResponseImport.messages": Column("correcting rows that were refused: values as they stood in the list", "12 months", "emptied"),
    "ResponseImport.file_name": Column("finding the list again", "12 months", "blanked"),
}

IMPERSONAL = {
    "SurveyWave.name", "SurveyWave.kind", "SurveyWave.question_de", "SurveyWave.question_en", "SurveyWave.rule", "SurveyWave.state",
    "SurveyWave.figures", "SurveyWaveTransition.from_state", "SurveyWaveTransition.to_state",
    "Invitation.channel", "Invitation.state", "Invitation.excluded_reason",
    "Response.channel", "Response.abc_class", "Response.industry", "Response.region", "Response.product_group",
    "Response.customer_age", "Response.team", "Response.list_segment",
    "Case.state", "Case.group", "CaseTransition.from_state", "CaseTransition.to_state",
    "WaveTally.dimension", "WaveTally.value", "ResponseImport.sha256",
}  # fmt: skip
