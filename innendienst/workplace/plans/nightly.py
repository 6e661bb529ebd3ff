"""What the night does with plans: their figures follow the data."""

from django.utils import timezone

from innendienst.base.jobs import RunningJob
from innendienst.lib.planning.cells import PlanFrozen
from innendienst.workplace.plans.kinds import KINDS

REFRESH_PLANS = "refresh_plans"


def run_refresh(job: RunningJob) -> None:
    """Handler of `refresh_plans`: bring the bound cells of all living plans up to date, each plan for itself."""
    changed_count = 0
    for kind in KINDS.values():
        for document in kind.document.objects.living(timezone.localdate()).select_related("team"):
            try:
                changed_count += kind.bring_up_to_date(document)
            except PlanFrozen:  # meanwhile, by a person
                continue
            job.step()
    job.result = {"changed": changed_count}
