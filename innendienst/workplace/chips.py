"""The small marks on a row: why he is called, and what to know before. A word each; the colour only repeats it."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, gettext_lazy, pgettext

from campaigns.evidence import reason_label
from campaigns.models import Kind, Opportunity
from customers.models import CustomerFacts, FollowUp
from innendienst.lib import display
from innendienst.workplace.handovers.texts import ball_sentence
from nps import cases

FOLLOW_UP = "follow_up"
KINDS = (FOLLOW_UP, *Kind.values)
KIND_LABELS = {FOLLOW_UP: gettext_lazy("Follow-up"), **dict(Kind.choices)}
_FOLLOW_UP_LABELS = {kind: kind.label for kind in FollowUp.Kind if kind not in {FollowUp.Kind.OWN, FollowUp.Kind.RETRY}} | {
    FollowUp.Kind.CALLBACK: gettext_lazy("Call-back agreed"),
}
"""One's own and the next try are follow-ups without more; all others say what they are about."""
_TONES = {
    Kind.LAST_CALL: "bad",
    Kind.REORDER: "due",
    Kind.WIN_BACK: "due",
    Kind.AFTER_SALES: "sell",
    Kind.UP_SELL: "sell",
    Kind.CROSS_SELL: "sell",
    Kind.CAMPAIGN: "sell",
}


@dataclass(frozen=True)
class Chip:
    """`tone` is one of due, bad, good, sell or "" for grey."""

    label: str
    tone: str = ""


def follow_up_label(follow_up: FollowUp) -> str:
    """What kind it is, in a word."""
    return str(_FOLLOW_UP_LABELS.get(follow_up.kind, KIND_LABELS[FOLLOW_UP]))


def follow_up_chip(follow_up: FollowUp, now: dt.datetime) -> Chip:
    label = follow_up_label(follow_up)
    if is_overdue(follow_up, now):
        return Chip(_("%(kind)s · overdue") % {"kind": label}, "bad")
    return Chip(label, "due" if follow_up.due_on <= timezone.localdate(now) else "")


def is_overdue(follow_up: FollowUp, now: dt.datetime) -> bool:
    """Past the agreed clock time, or past its day where none was agreed.

    What a survey asks for stands from the day of the answer; until when it is to be done, its sentence says.
    """
    if follow_up.kind in cases.KINDS:
        return False
    return follow_up.due_at < now if follow_up.due_at else follow_up.due_on < timezone.localdate(now)


def follow_up_sentence(follow_up: FollowUp, today: dt.date) -> str:
    """When it was or is due and what it is about: "Wiedervorlage vom 20.11.2026: Angebot nachfassen"."""
    name = follow_up.contact.addressed_name if follow_up.contact else ""
    if follow_up.kind == FollowUp.Kind.CALLBACK:
        agreed = agreed_time(follow_up, today) if follow_up.due_time else display.ago(follow_up.due_on, today)
        sentence = _("Call-back agreed: %(time)s") % {"time": agreed}
        return ": ".join(filter(None, [", ".join(filter(None, [sentence, name])), follow_up.first_line]))
    if follow_up.solution:
        facts = {"title": follow_up.solution.complaint.title, "day": display.date(timezone.localdate(follow_up.solution.at))}
        return _("Complaint “%(title)s” settled on %(day)s; nobody has asked yet whether all is well.") % facts
    if follow_up.handover:
        return ball_sentence(follow_up.handover)
    day = day_and_time(display.date(follow_up.due_on), follow_up.due_time)
    sentence = (_("Follow-up on %(day)s") if follow_up.due_on > today else _("Follow-up of %(day)s")) % {"day": day}
    return ": ".join(filter(None, [sentence, follow_up.first_line]))


def agreed_time(follow_up: FollowUp, today: dt.date) -> str:
    """Day and clock time of a follow-up that has one: "heute 14:00 Uhr", "gestern 10:00 Uhr", "20.11.2026 10:00 Uhr"."""
    is_near = 0 <= (today - follow_up.due_on).days < 2
    day = display.ago(follow_up.due_on, today) if is_near else display.date(follow_up.due_on)
    return day_and_time(day, follow_up.due_time)


def due_day_and_time(follow_up: FollowUp) -> str:
    """When it is due, as an act says it: "Mo 30.11.2026", "Mo 30.11.2026 09:15 Uhr"."""
    return day_and_time(display.due(follow_up.due_on), follow_up.due_time)


def day_and_time(day: str, time: dt.time | None) -> str:
    """A written day, with the clock time where one was agreed."""
    return _("%(day)s %(time)s") % {"day": day, "time": clock(time)} if time else day


def clock(time: dt.time) -> str:
    """ "14:00 Uhr", "14:00"."""
    return pgettext("clock time", "%(time)s") % {"time": f"{time:%H:%M}"}


def reason_chip(opportunity: Opportunity) -> Chip:
    """Kind and number of articles; a last call says until when."""
    if opportunity.kind == Kind.LAST_CALL and opportunity.deadline_on:
        until = {"kind": opportunity.get_kind_display(), "day": display.day_month(opportunity.deadline_on)}
        return Chip(_("%(kind)s until %(day)s") % until, _TONES[Kind.LAST_CALL])
    return kind_chip(opportunity.kind, opportunity.facts.get("articles_count", 0))


def kind_chip(kind: str, items_count: int = 0) -> Chip:
    """Kind and number of articles, where only those are kept."""
    return _kind_chip(kind, items_count, get_language())


@lru_cache(maxsize=2_000)
def _kind_chip(kind: str, items_count: int, _language: str | None) -> Chip:
    """The same few stand in every list."""
    return Chip(reason_label(kind, items_count), _TONES.get(kind, ""))


def look_of(kind: str) -> str:
    """The class that colours a chip of this kind, with its blank before; "" for grey."""
    return f" chip--{_TONES[kind]}" if kind in _TONES else ""


def mark_chips(facts: CustomerFacts | None, *, is_new: bool = False, absent: str = "", wants_visit: bool = False) -> list[Chip]:
    """What to know before dialling; `absent` names the colleague whom the reader stands in for."""
    marks = [Chip(_("Open complaint"), "bad")] if facts and facts.open_complaints_count else []
    marks += [Chip(_("Wants a visit"), "due")] if wants_visit else []
    marks += [Chip(_("new"), "good")] if is_new else []
    return [*marks, Chip(deputy_text(absent))] if absent else marks


@lru_cache(maxsize=2_000)
def chips_markup(chips: tuple[Chip, ...]) -> SafeString:
    """Marks side by side; the same few combinations stand in every list."""
    return SafeString(render_to_string("partials/chips.html", {"chips": chips}).strip())


def deputy_text(absent: str) -> str:
    return _("deputy for %(name)s") % {"name": absent}
