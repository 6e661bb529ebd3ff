"""What a survey tells whoever made it, by mail: what came back, how many answer, its last day, and answers that nobody has talked about.

Numbers and the page where they stand, never who is late: that is nobody's figure (works council rules, domain guide W-1).
"""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from accounts.models import Role, User
from customers import outbox
from customers.models import Message
from customers.outbox import Mail
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display
from innendienst.lib.dates import next_working_day
from nps.models import Case, Invitation, SurveyWave
from nps.templatetags.nps import percent

NEWS = "survey_news"
BOUNCES_AFTER, RATE_AFTER = dt.timedelta(days=3), dt.timedelta(days=14)
_LATE_BY_MOST = dt.timedelta(days=3)
"""A mail whose day was missed still goes out for as long, once."""
_WHY = "counts of a survey, without names"
_State = SurveyWave.State


def tell(today: dt.date) -> int:
    """Queue what is new today; how many mails that are. Asked again, it queues nothing twice."""
    waves = SurveyWave.objects.begun().select_related("made_by")
    return sum(_queue(wave, code) for wave in waves for code in _due(wave, today))


def render(message: Message) -> Mail | None:
    """What is true at the moment of sending; None when there is nothing to say any more."""
    code, _colon, day = message.facts["code"].partition(":")
    wave = SurveyWave.objects.filter(pk=message.facts["wave"]).first()
    text = _sentence(wave, code, dt.date.fromisoformat(day) if day else None) if wave else ""
    if wave is None or not text:
        return None
    path = f"{reverse('nps:cases')}?wave={wave.pk}&kind=detractor" if day else wave.get_absolute_url()
    body = render_to_string("emails/reminder.txt", {"text": text, "url": f"{settings.BASE_URL}{path}"})
    return Mail(_("Survey “%(wave)s”") % {"wave": wave.name}, body)


def _due(wave: SurveyWave, today: dt.date) -> Iterator[str]:
    """Codes of what is to be told. Those of cases bear the day on which they are due: it is told the working day before, and after."""
    state = preferences.get(CompanyPreferences).state

    def is_day(planned: dt.date) -> bool:
        day = next_working_day(planned, state)
        return day <= today <= day + _LATE_BY_MOST

    if wave.is_open and Invitation.objects.for_system(_WHY).filter(wave=wave).exists():
        yield from (code for code, after in (("bounces", BOUNCES_AFTER), ("rate", RATE_AFTER)) if is_day(wave.starts_on + after))
        if today == wave.ends_on:
            yield "ends"
    tomorrow = next_working_day(today + dt.timedelta(days=1), state)
    waiting = _waiting(wave).filter(due_on__range=[today - _LATE_BY_MOST, tomorrow]).values_list("due_on", flat=True).distinct()
    for due_on in waiting:
        if due_on == tomorrow:
            yield f"soon:{due_on}"
        elif due_on < today:
            yield f"late:{due_on}"


def _queue(wave: SurveyWave, code: str) -> bool:
    user = _reader(wave)
    key = f"{NEWS}:{wave.pk}:{code}"
    return user is not None and outbox.queue_message(kind=NEWS, key=key, user=user, wave=wave.pk, code=code) is not None


def _reader(wave: SurveyWave) -> User | None:
    """Who made the survey; once he has left, somebody of the management."""
    if wave.made_by and wave.made_by.is_active:
        return wave.made_by
    return User.objects.active().filter(role=Role.MANAGER).order_by("pk").first()


def _waiting(wave: SurveyWave):
    cases = Case.objects.for_system(_WHY).filter(response__wave=wave, kind=Case.Kind.DETRACTOR, state=Case.State.OPEN)
    return cases.filter(response__invalid_reason="").order_by("due_on")


def _sentence(wave: SurveyWave, code: str, day: dt.date | None) -> str:
    """ "" where nothing is to be said: nothing came back, or everything was talked about."""
    asked = Invitation.objects.for_system(_WHY).filter(wave=wave)
    bounced = asked.filter(state=Invitation.State.BOUNCED).count()
    reached = asked.filter(state__in=Invitation.ASKED, sent_on__isnull=False)
    answered, reached_count = reached.filter(state=Invitation.State.RESPONDED).count(), reached.count()
    share = percent(Fraction(answered, reached_count) if reached_count else None)
    facts = {"answered": display.number(answered), "reached": display.number(reached_count), "share": share, "bounced": bounced}
    match code:
        case "bounces" if bounced:
            said = ngettext(
                "%(bounced)s invitation was undeliverable. Correct the address, or ask by letter or phone.",
                "%(bounced)s invitations were undeliverable. Correct the addresses, or ask by letter or phone.",
                bounced,
            )
        case "rate":
            said = _("%(answered)s of %(reached)s people reached have answered (%(share)s). Calls to the others help more than mails.")
        case "ends":
            said = _("Today is the last day: %(answered)s of %(reached)s people reached have answered (%(share)s).")
        case "soon" | "late" if day:
            return _about_cases(_waiting(wave).filter(due_on=day).count(), day)
        case _:
            return ""
    return said % facts


def _about_cases(count: int, day: dt.date) -> str:
    if not count:
        return ""
    if day < timezone.localdate():
        said = ngettext(
            "%(count)s critical answer was to be talked about by %(day)s, and nobody has yet.",
            "%(count)s critical answers were to be talked about by %(day)s, and nobody has yet.",
            count,
        )
    else:
        said = ngettext(
            "%(count)s critical answer is to be talked about by %(day)s.",
            "%(count)s critical answers are to be talked about by %(day)s.",
            count,
        )
    return said % {"count": count, "day": display.due(day)}
