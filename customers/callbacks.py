"""A promised call-back with a clock time reminds once, a quarter of an hour before: inside the program and by mail.

Each minute the tick looks for those that are near. Note and mail carry a key of follow-up and time, so that killed workers, two
schedulers and a second look make no second one; put off to another time, it reminds again.
"""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Absence, User
from customers import outbox
from customers.models import FollowUp, Message
from customers.querysets import FollowUpQuerySet
from innendienst.base import jobs, notifications
from innendienst.base.jobs import RunningJob
from innendienst.base.models import Notification
from innendienst.lib.dates import BERLIN

BEFORE = dt.timedelta(minutes=15)
LATE_MOST = dt.timedelta(hours=2)
"""Of what was due longer ago, while nothing ran, nobody is reminded: it stands overdue on the list."""
KIND = "callback"
_BATCH = 200
_WHY = "reminders go to whoever the call-back is for"


def ask_for_reminders(now: dt.datetime) -> None:
    """Each minute: have those reminded whose time is near."""
    if _near(now).exists():
        jobs.request("callbacks")


def remind(job: RunningJob) -> None:
    """Handler of `callbacks`: one note and one mail for each that is near."""
    made_count = 0
    while batch := list(_near(timezone.now()).select_related("assignee").order_by("due_at", "pk")[:_BATCH]):
        made_count += _remind(batch)
        job.step()
    job.result = {"made": made_count}


def note_text(note: Notification) -> tuple[str, str] | None:
    """Sentence and address of a note; None once the call-back is done or put off."""
    follow_up = _standing(note.facts)
    if follow_up is None:
        return None
    customer = follow_up.customer
    text = _("%(time)s: call-back %(customer)s") % {"time": follow_up.due_time.strftime("%H:%M"), "customer": customer}
    return text, f"{reverse('my_day')}?customer={customer.pk}"


def standing(message: Message) -> FollowUp | None:
    """The call-back that a mail is about, where it is still to be made at that time."""
    return _standing(message.facts)


def _near(now: dt.datetime) -> FollowUpQuerySet:
    """Open call-backs whose time is near, of which nobody was reminded yet."""
    timed = FollowUp.objects.for_system(_WHY).open().filter(kind=FollowUp.Kind.CALLBACK, assignee__isnull=False)
    return timed.filter(due_at__gt=now - LATE_MOST, due_at__lte=now + BEFORE, reminded_at=None)


@transaction.atomic
def _remind(batch: list[FollowUp]) -> int:
    """Remind of these, marking each in the same transaction; those that another worker marks at the same time are his."""
    ids = [follow_up.pk for follow_up in batch]
    held = FollowUp.objects.for_system(_WHY).filter(pk__in=ids, reminded_at=None, done_at=None).select_for_update(no_key=True, of=("self",))
    mine = list(held.select_related("assignee").order_by("pk"))
    deputies = _deputies([follow_up.assignee_id for follow_up in mine])
    notes = []
    for follow_up in mine:
        person = deputies.get(follow_up.assignee_id, follow_up.assignee)
        if not person.is_active:
            continue
        key, facts = _key(follow_up), {"follow_up": follow_up.pk, "due_at": follow_up.due_at.isoformat()}
        notes.append(Notification(user=person, key=key, kind=KIND, facts=facts))
        outbox.queue_message(kind=KIND, key=key, user=person, **facts)
    notifications.notify_all(notes)
    FollowUp.objects.for_system(_WHY).filter(pk__in=[follow_up.pk for follow_up in mine]).update(reminded_at=timezone.now())
    return len(notes)


def _deputies(user_ids: list[int]) -> dict[int, User]:
    today = timezone.localdate()
    absences = Absence.objects.filter(user__in=user_ids, from_on__lte=today, until_on__gte=today).select_related("deputy")
    return {absence.user_id: absence.deputy for absence in absences}


def _key(follow_up: FollowUp) -> str:
    return f"{KIND}:{follow_up.pk}:{follow_up.due_at.astimezone(BERLIN):%Y%m%d%H%M}"


def _standing(facts: dict) -> FollowUp | None:
    due_at = dt.datetime.fromisoformat(facts["due_at"])
    found = FollowUp.objects.for_system(_WHY).open().filter(pk=facts["follow_up"], due_at=due_at)
    return found.select_related("customer", "contact").first()
