"""What the broker can ring for: a waiting job, and the minute's tick."""

from celery import shared_task
from django.utils import timezone

from innendienst.base import jobs


@shared_task(name="innendienst.run_job")
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="innendienst.tick")
def tick() -> None:
    jobs.tick(timezone.now())
