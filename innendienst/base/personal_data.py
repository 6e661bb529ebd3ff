"""Which columns of the ground hold personal data, why, how long, and how they are erased."""

from innendienst.lib.personal import Column

PERSONAL = {
    "StoredFile.name": Column(
        "what its owner called the file, to find it again", "as long as the row it belongs to", "blanked, file deleted"
    ),
    "SavedView.query": Column(
        "finding the same customers again: words that were searched for", "until its owner deletes it", "row deleted"
    ),
    "FormKey.result": Column("answer to a form sent twice: addresses of pages, no content", "30 days", "row deleted nightly"),
}
IMPERSONAL = {
    "Job.kind", "Job.target", "Job.queue", "Job.args", "Job.state", "Job.progress", "Job.result", "Job.once_key",
    "AuditEvent.act", "AuditEvent.facts", "Preference.section", "Preference.key", "Preference.value", "Heartbeat.name",
    "Notification.key", "Notification.kind", "Notification.facts",
    "SavedView.page", "SavedView.name",
    "StoredFile.stored_as", "StoredFile.content_type", "StoredFile.sha256",
}  # fmt: skip
