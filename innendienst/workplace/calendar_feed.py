"""One's follow-ups and measures in one's own calendar: a feed under a secret address that its owner can take away."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import tokens
from accounts.models import AccessToken, User
from campaigns.measures.models import Measure
from customers.models import FollowUp
from innendienst.workplace.chips import follow_up_label

PAST, AHEAD = dt.timedelta(days=31), dt.timedelta(days=180)
MOST = 500
TALK_LASTS = dt.timedelta(minutes=15)
_LINE_OCTETS = 75


@require_safe
@never_cache
@login_not_required
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """iCalendar (RFC 5545) of what is this person's to do; any other address is not found."""
    user = tokens.owner_of(secret, AccessToken.Purpose.CALENDAR)
    if user is None:
        raise Http404
    with translation.override(user.language):
        text = feed(user, timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def feed(user: User, now: dt.datetime) -> str:
    today = timezone.localdate(now)
    mine = FollowUp.objects.visible_to(user).open().for_person(user, today)
    near = mine.filter(due_on__gte=today - PAST, due_on__lte=today + AHEAD).select_related("customer")[:MOST]
    events = [*(_of_follow_up(one) for one in near), *_of_measures(user, today)]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Innendienst//Innendienst//DE", "CALSCALE:GREGORIAN", "X-WR-CALNAME:Innendienst")
    lines = [*head, *(line for event in events for line in _lines(event, now)), "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


@dataclass(frozen=True)
class Event:
    """Something on a day, or at a clock time; `name` is what an alarm says."""

    uid: str
    day: dt.date
    summary: str
    path: str
    at: dt.datetime | None = None
    name: str = ""


def _of_follow_up(follow_up: FollowUp) -> Event:
    name = follow_up.customer.name
    path = reverse("customers:detail", args=[follow_up.customer_id])
    summary = f"{follow_up_label(follow_up)}: {name}"
    return Event(f"follow-up-{follow_up.pk}", follow_up.due_on, summary, path, follow_up.due_at, name)


def _of_measures(user: User, today: dt.date) -> Iterator[Event]:
    """The days on which open measures of his are to be looked at, and those on which they end."""
    span = (today - PAST, today + AHEAD)
    for measure in Measure.objects.open().filter(owner=user).order_by("ends_on", "pk")[:MOST]:
        path, facts = reverse("measures:detail", args=[measure.pk]), {"title": measure.title}
        texts = (("look", measure.remind_on, _("Look at measure: %(title)s")), ("end", measure.ends_on, _("Measure ends: %(title)s")))
        for code, day, text in texts:
            if day and span[0] <= day <= span[1]:
                yield Event(f"measure-{measure.pk}-{code}", day, text % facts, path)


def _lines(event: Event, now: dt.datetime) -> Iterable[str]:
    host = settings.BASE_URL.split("://", 1)[1].split("/", 1)[0].split(":", 1)[0]
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}@{host}"
    yield f"DTSTAMP:{_utc(now)}"
    if event.at:
        yield f"DTSTART:{_utc(event.at)}"
        yield f"DTEND:{_utc(event.at + TALK_LASTS)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"URL:{settings.BASE_URL}{event.path}"
    if event.at:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", f"DESCRIPTION:{_text(event.name)}", "END:VALARM")
    yield "END:VEVENT"


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"), ("\r", "")):
        value = value.replace(sign, escaped)
    return value


def _fold(line: str) -> Iterator[str]:
    """Lines of at most 75 octets; what goes on begins with a blank."""
    piece = ""
    for char in line:
        if len((piece + char).encode()) > _LINE_OCTETS:
            yield piece
            piece = " "
        piece += char
    yield piece
