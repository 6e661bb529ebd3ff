"""What the night puts in order: rows that have served their purpose go, those that came too late for a merge follow."""

import datetime as dt

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from innendienst.base.jobs import RunningJob
from innendienst.base.models import FormKey, Job
from innendienst.merging.acts import bring_strays, forget_moves, forget_people
from nps.public.guesses import forget_guesses

FORM_KEY_DAYS = 30
JOB_DAYS = 90
ATTEMPT_DAYS = 1
"""A lock lasts minutes; addresses of those who mistyped a password are kept no longer than needed."""


def tidy(job: RunningJob) -> None:
    """Handler of `tidy`: delete what is out of date; the result tells how many rows of which table."""
    now = timezone.now()

    def ago(days: int) -> dt.datetime:
        return now - dt.timedelta(days=days)

    out_of_date = {
        "form_keys": FormKey.objects.filter(used_at__lt=ago(FORM_KEY_DAYS)),
        "jobs": Job.objects.filter(finished_at__lt=ago(JOB_DAYS)),
        "sessions": Session.objects.filter(expire_date__lt=now),
        "sign_in_attempts": AccessAttempt.objects.filter(attempt_time__lt=ago(ATTEMPT_DAYS)),
    }
    job.result = {name: rows.delete()[0] for name, rows in out_of_date.items()}
    job.result |= {"guesses": forget_guesses(now), "merge_moves": forget_moves(now), "merged_people": forget_people(now)}
    job.result |= {"strays": bring_strays()}
