"""The audit log: one row per act, written in the act's transaction."""

from innendienst.base.models import AuditEvent


def record(act: str, *, by=None, **facts) -> AuditEvent:
    """Write down an act. `facts` hold ids, counts and codes; names, notes and addresses have no place here."""
    return AuditEvent.objects.create(act=act, by=by, facts=facts)
