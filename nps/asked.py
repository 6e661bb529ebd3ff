"""Whom a survey asks, in numbers: who is left out and why, which ways are open, how far it has come. One query."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nps.models import Invitation, SurveyWave
from nps.sampling import WAYS

WAY_NAMES: Mapping[str, str | Promise] = {"email": _("E-mail"), "letter": _("Letter"), "phone": _("Phone")}
_COLUMNS = ("state", "exclusion", "channel", *(f"by_{way}" for way in WAYS))
_State = Invitation.State


@dataclass(frozen=True)
class Way:
    """`reachable` may be asked by this way, `planned` are. The rest is what became of those."""

    code: str
    name: str
    reachable: int
    planned: int
    sent: int
    answered: int
    bounced: int

    @property
    def waiting(self) -> int:
        return self.planned - self.sent - self.bounced


@dataclass(frozen=True)
class Asked:
    """`excluded` are (reason, count), the most frequent first; with `eligible` they add up to `total`."""

    total: int
    eligible: int
    excluded: tuple[tuple[str, int], ...]
    ways: tuple[Way, ...]
    states: Mapping[str, int]

    @property
    def objected(self) -> int:
        return self.states.get(_State.OBJECTED, 0)

    @property
    def has_begun(self) -> bool:
        """Whether the question has reached anybody, or was on its way to him."""
        return any(way.sent or way.bounced for way in self.ways)

    @property
    def answered(self) -> int:
        return self.states.get(_State.RESPONDED, 0)


def asked_by(wave: SurveyWave) -> Asked:
    """The population of a survey as it was drawn, and how far it has come."""
    rows = Invitation.objects.for_system("numbers of a survey, without names").filter(wave=wave).order_by()
    counts = [(row, row["count"]) for row in rows.values(*_COLUMNS).annotate(count=Count("pk"))]
    states: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row, count in counts:
        states[row["state"]] += count
        if row["exclusion"]:
            reasons[row["exclusion"]] += count
    labels = dict(Invitation.Exclusion.choices)
    return Asked(
        total=states.total(),
        eligible=states.total() - states[_State.EXCLUDED],
        excluded=tuple((str(labels[code]), count) for code, count in reasons.most_common()),
        ways=tuple(_way(code, counts) for code in WAYS),
        states=states,
    )


def _way(code: str, counts: list[tuple[dict, int]]) -> Way:
    asked = [(row, count) for row, count in counts if row["state"] != _State.EXCLUDED]
    planned = [(row["state"], count) for row, count in asked if row["channel"] == code]

    def of(*states: str) -> int:
        return sum(count for state, count in planned if state in states)

    return Way(
        code=code,
        name=str(WAY_NAMES[code]),
        reachable=sum(count for row, count in asked if row[f"by_{code}"]),
        planned=sum(count for _state, count in planned),
        sent=of(*Invitation.ASKED, _State.OBJECTED),
        answered=of(_State.RESPONDED),
        bounced=of(_State.BOUNCED),
    )
