"""What references forget by the clock (domain guide D-5): why a customer said no, and the words of releases that ended long ago.

That there was a "no" or a release, and the proof of it, stays. Contacts that led to nothing are erased elsewhere (erasing.py).
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from innendienst.base import files
from innendienst.base.models import StoredFile
from innendienst.lib.dates import add_months
from referrals.models import PublishedText, ReferenceCustomer, ReferenceTransition, ReleaseScope

REASON_MONTHS, RELEASE_MONTHS = 12, 36
_State = ReferenceCustomer.State


@transaction.atomic
def forget(today: dt.date, *, is_dry: bool = False) -> dict[str, int]:
    """Forget what is out of date, and say how much; `is_dry` counts only. A second run finds nothing."""
    reasons, limits, texts = _old_reasons(today), _old_limits(today), _old_texts(today)
    counts = {"reasons": reasons.count(), "limits": limits.count(), "texts": texts.count()}
    if not is_dry:
        reasons.update(reason="")
        limits.update(limits="")
        _delete(texts)
    return counts


def _old_reasons(today: dt.date) -> QuerySet:
    """Why customers declined or took a release back, in their words."""
    said = ReferenceTransition.objects.filter(to_state__in=[_State.DECLINED, _State.WITHDRAWN])
    return said.filter(at__date__lte=add_months(today, -REASON_MONTHS)).exclude(reason="")


def _over(today: dt.date, scope: str = "") -> Q:
    before = add_months(today, -RELEASE_MONTHS)
    return Q(**{f"{scope}withdrawn_at__date__lte": before}) | Q(**{f"{scope}valid_until__lte": before})


def _old_limits(today: dt.date) -> QuerySet:
    return ReleaseScope.objects.filter(_over(today)).exclude(limits="")


def _old_texts(today: dt.date) -> QuerySet:
    """By the manager that may delete: everywhere else versions are only ever added."""
    return PublishedText._base_manager.filter(_over(today, "scope__"))


def _delete(texts: QuerySet) -> None:
    kept = list(StoredFile.objects.filter(pk__in=texts.values("file")))
    texts.delete()
    for file in kept:
        files.remove(file)
