"""What merging two customers means for a list that is being read, or waits for its preview: rows name customers by their ids."""

import datetime as dt

from django.utils import timezone

from customers.imports import sql
from customers.imports.store import RunFacts
from customers.models import ImportRun, Merge

_LONGEST_READING = dt.timedelta(days=1)
_WHY = "a list that is under way"


def follow(run: ImportRun, facts: RunFacts) -> None:
    """Let staged rows of a customer who went into another one since the list was read name that one."""
    since = run.started_at or timezone.now() - _LONGEST_READING  # the command keeps its run once it is read
    if "customer_id" in facts.fields and Merge.objects.for_system(_WHY).filter(at__gte=since, undone_at=None).exists():
        sql.follow_merges()


def is_parted_since(run: ImportRun) -> bool:
    """Whether two who were merged are two again since the preview: which of them a row means stands in the file alone."""
    return Merge.objects.for_system(_WHY).filter(undone_at__gte=run.staged_at).exists()
