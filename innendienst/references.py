"""What the night does for references and referrals: ends and erasures, then the reminders of the day."""

from django.utils import timezone

from innendienst.base.jobs import RunningJob
from referrals import erasing, forgetting, moments, reminders, scoring, suggesting, using

NIGHTLY = "references"


def run_nightly(job: RunningJob) -> None:
    """Handler of `references`: each step bears being run twice; the result tells how many rows each one concerned."""
    today = timezone.localdate()
    for name, step in (
        ("ended", reminders.end_releases),
        ("reviewed", reminders.review_stopped),
        ("put_to_use", using.put_to_use),
        ("stopped", reminders.stop_uninformed),
        ("erased", erasing.erase_due),
        ("made", reminders.remind),
        ("rated", scoring.refresh_points),
        ("moments", moments.find),
        ("suggested", suggesting.suggest),
        ("forgotten", lambda day: sum(forgetting.forget(day).values())),
    ):
        job.result[name] = step(today)
        job.step()
