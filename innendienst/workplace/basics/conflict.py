"""Two who change the same row: what the slower one typed beside what stands there now, and who was faster."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from innendienst.base.models import AuditEvent
from innendienst.workplace.basics.forms import VersionedForm

_LOOKED_BACK = dt.timedelta(days=2)


@dataclass(frozen=True)
class Difference:
    """One field in both versions, as they are stored and as they are shown."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str


@dataclass(frozen=True)
class Conflict:
    """`said` is who changed the row when; `same` are the fields on which both agree, as name and value; `version` is that of now."""

    said: str
    differences: list[Difference]
    same: list[tuple[str, str]]
    version: int


def compare(user: User, form: VersionedForm, stored, fact: str) -> Conflict:
    """`stored` is the row as it stands; `fact` names its id on the audit log."""
    differences, same = [], []
    for field in form.shown_fields:
        mine, theirs = form.cleaned_data.get(field.name) or "", getattr(stored, field.name) or ""
        if mine == theirs:
            same.append((field.name, mine))
        else:
            differences.append(Difference(field.name, str(field.label), mine, theirs, _shown(field, mine), _shown(field, theirs)))
    return Conflict(_who(user, stored, fact), differences, same, stored.version)


def _shown(field, value: str) -> str:
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value)) or "–"


def _who(user: User, stored, fact: str) -> str:
    recent = AuditEvent.objects.filter(at__gte=timezone.now() - _LOOKED_BACK, act=f"{fact}.edit", **{f"facts__{fact}": stored.pk})
    event = recent.select_related("by").order_by("-pk").first()
    if event is None or event.by is None:
        return _("A list or the program has changed this entry while you were editing it.")
    if event.by == user:
        return _("You have changed this entry in another window meanwhile.")
    if not allowed(user, "author.see"):
        return _("Somebody else has changed this entry while you were editing it.")
    facts = {"name": event.by.full_name, "time": f"{timezone.localtime(event.at):%H:%M}"}
    return _("%(name)s changed this entry at %(time)s while you were editing it.") % facts
