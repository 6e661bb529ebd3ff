"""Whether this installation works, for monitoring: open to everybody, so it tells times and states only."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.db.models import Case, When
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from innendienst.base.models import Heartbeat, Job

TICK_AGE_MOST = dt.timedelta(minutes=5)
QUEUE_AGE_MOST = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Health:
    """What monitoring wants to know. `queue_age` is how long the oldest job that could run has been waiting."""

    database_answers: bool
    now: dt.datetime
    queue_age: dt.timedelta = dt.timedelta()
    last_tick: dt.datetime | None = None
    last_backup: dt.datetime | None = None

    @property
    def is_well(self) -> bool:
        return (
            self.database_answers
            and self.queue_age <= QUEUE_AGE_MOST
            and self.last_tick is not None
            and self.now - self.last_tick <= TICK_AGE_MOST
        )

    def as_json(self) -> dict:
        return {
            "status": "ok" if self.is_well else "broken",
            "database": "ok" if self.database_answers else "unreachable",
            "queue_age_seconds": round(self.queue_age.total_seconds()) if self.database_answers else None,
            "last_tick": self.last_tick,
            "last_backup": self.last_backup,
        }


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """GET /health/: 200 when all is well, 503 when the database, the scheduler or the workers do not do their part."""
    found = look(timezone.now())
    return JsonResponse(found.as_json(), status=200 if found.is_well else 503)


def look(now: dt.datetime) -> Health:
    try:
        beats = dict(Heartbeat.objects.values_list("name", "at"))
        waiting_since = _waiting_since(now)
    except Error:
        return Health(database_answers=False, now=now)
    return Health(
        database_answers=True,
        now=now,
        queue_age=max(dt.timedelta(), now - waiting_since) if waiting_since else dt.timedelta(),
        last_tick=beats.get(Heartbeat.Name.TICK),
        last_backup=beats.get(Heartbeat.Name.BACKUP),
    )


def _waiting_since(now: dt.datetime) -> dt.datetime | None:
    """Since when the job that waits longest could have been run: since it was due, or since its worker's lease ran out."""
    due_since = Greatest("requested_at", Coalesce("not_before", "requested_at"))
    waiting = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).annotate(
        since=Case(When(state=Job.State.RUNNING, then="lease_until"), default=due_since)
    )
    return waiting.filter(since__lte=now).order_by("since").values_list("since", flat=True).first()
