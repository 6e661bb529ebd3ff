"""The audit log: one row per act, written in the act's transaction."""

from collections.abc import Mapping

from django.utils.functional import Promise

from innendienst.base.models import AuditEvent

_words: dict[str, str | Promise] = {}


def name(acts: Mapping[str, str | Promise]) -> None:
    """Say what acts are called on the screen; called once when the apps are ready."""
    _words.update(acts)


def words(act: str) -> str:
    """The act as the administration reads it; the code alone where nothing records such an act any more."""
    return str(_words.get(act, act))


def record(act: str, *, by=None, **facts) -> AuditEvent:
    """Write down an act. `facts` hold ids, counts and codes; names, notes and addresses have no place here.

    Raises KeyError for an act that nobody has named.
    """
    if act not in _words:
        raise KeyError(f"{act} has no name for the administration")
    return AuditEvent.objects.create(act=act, by=by, facts=facts)
