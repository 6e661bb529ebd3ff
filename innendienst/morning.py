"""The morning of a working day: each caller's list is drawn and one mail says what is due."""

import datetime as dt
import logging

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from accounts.models import User
from accounts.permissions import CAPABILITIES
from campaigns import day_list, reminders
from campaigns.models import DayListRow
from customers import callbacks, complaint_reminders, handovers, outbox
from customers.follow_ups import holiday_state
from customers.models import FollowUp, Message
from customers.outbox import Mail
from innendienst.base.jobs import RunningJob
from innendienst.lib.dates import is_working_day
from innendienst.workplace.day.load import load_my_day

ROWS_IN_MAIL_MOST = 15

logger = logging.getLogger(__name__)


def remind(job: RunningJob) -> None:
    """Handler of the job `remind`: before the lists are drawn, what became of quotes, interest, hand-overs and complaints falls due."""
    today = timezone.localdate()
    job.result = {"made": reminders.remind(today) + complaint_reminders.remind(today), "lapsed": handovers.lapse(today)}


def draw_lists(job: RunningJob) -> None:
    """Handler of the job `morning`: draw each caller's list and put a mail into the outbox.

    One list that cannot be drawn keeps nobody else from his. Raises the first error at the end, so that the job is tried again.
    """
    today = timezone.localdate()
    failed: list[Exception] = []
    for user in callers(today):
        try:
            _begin_day(user, today)
        except Exception as error:
            logger.exception("The list of user %s was not drawn", user.pk)
            failed.append(error)
        job.step()
    if failed:
        raise failed[0]


def _begin_day(user: User, today: dt.date) -> None:
    day_list.draw(user, today)
    if user.wants_digest and user.email and has_something_to_say(user, today):
        outbox.queue_message(kind="digest", key=f"digest:{user.pk}:{today}", user=user, day=today.isoformat())


def callers(today: dt.date) -> list[User]:
    """Active users whose role works a daily list, who belong to a team and are here today: neither absent nor at home on a public
    holiday of their Bundesland.

    The list of somebody who is not here would keep unassigned customers from everybody else.
    """
    working = User.objects.active().filter(role__in=CAPABILITIES["day.work"], team__isnull=False)
    here = working.exclude(pk__in=User.objects.absent(today).values("pk")).select_related("team")
    return [user for user in here if not _has_regional_holiday(user, today)]


def _has_regional_holiday(user: User, today: dt.date) -> bool:
    """Weekends and the holidays of the whole country are left out by the slot already."""
    return is_working_day(today) and not is_working_day(today, holiday_state(user))


def has_something_to_say(user: User, today: dt.date) -> bool:
    return DayListRow.objects.visible_to(user).of(user, today).exists()


def render_digest(message: Message) -> Mail | None:
    """The morning mail, from what is true at the moment of sending; None when everything is done already, or the day is over."""
    user, day = message.user, dt.date.fromisoformat(message.facts["day"])
    if day != timezone.localdate():
        return None
    rows = load_my_day(user, day).rows
    due = list(FollowUp.objects.visible_to(user).due(day).for_person(user, day).select_related("customer"))
    if not rows and not due:
        return None
    subject = ngettext("Your day: %(count)d customer", "Your day: %(count)d customers", len(rows)) % {"count": len(rows)}
    context = {
        "user": user,
        "day": day,
        "rows": rows[:ROWS_IN_MAIL_MOST],
        "more_count": max(0, len(rows) - ROWS_IN_MAIL_MOST),
        "due_count": len(due),
        "timed": [follow_up for follow_up in due if follow_up.due_time and follow_up.due_on == day],
        "url": settings.BASE_URL,
    }
    return Mail(f"{subject}, {date_format(day, 'SHORT_DATE_FORMAT')}", render_to_string("emails/digest.txt", context))


def render_callback(message: Message) -> Mail | None:
    """A quarter of an hour before a promised call-back; None when it is done or was put off."""
    follow_up = callbacks.standing(message)
    if follow_up is None:
        return None
    customer = follow_up.customer
    facts = {"time": follow_up.due_time.strftime("%H:%M"), "customer": customer}
    context = {"follow_up": follow_up, "customer": customer, "url": f"{settings.BASE_URL}/?customer={customer.pk}"}
    return Mail(_("Call-back at %(time)s: %(customer)s") % facts, render_to_string("emails/callback.txt", context))
