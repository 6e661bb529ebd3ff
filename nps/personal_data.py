"""Which columns about answers hold personal data, why, how long, and how they are erased."""

from innendienst.lib.personal import Column

PERSONAL = {
    "Response.reason": Column(
        "learning why customers recommend us or do not", "24 months, then the rating alone stays", "blanked, the rating stays"
    ),
    "ResponseChange.reason": Column("showing what an answer said before its giver changed it", "24 months", "row deleted with the reason"),
    "CaseTransition.reason": Column("knowing what came of a critical answer", "3 years after the last contact", "blanked"),
    "ResponseImport.messages": Column("correcting rows that were refused: values as they stood in the list", "12 months", "emptied"),
    "ResponseImport.file_name": Column("finding the list again", "12 months", "blanked"),
}

IMPERSONAL = {
    "SurveyWave.name", "SurveyWave.question_de", "SurveyWave.question_en", "SurveyWave.figures", "SurveyWave.kind", "SurveyWave.state",
    "SurveyWave.rule", "WaveTransition.from_state", "WaveTransition.to_state", "WaveTransition.reason",
    "Invitation.state", "Invitation.exclusion", "Invitation.channel", "Invitation.nonce", "Invitation.token_hash", "Invitation.gate_answer",
    "GuessCount.key", "Case.kind", "Case.state", "CaseTransition.from_state", "CaseTransition.to_state",
    "Response.channel", "Response.reason_groups", "Response.invalid_reason",
    "Response.abc_class", "Response.industry", "Response.region", "Response.product_group",
    "Response.customer_age", "Response.team", "Response.list_segment",
    "WaveTally.dimension", "WaveTally.value", "ResponseImport.sha256",
}  # fmt: skip
