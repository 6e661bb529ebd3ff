"""Which rows of a reference plan stem from data: they are added once, and one that was taken out stays out."""

import datetime as dt
import re
from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from innendienst.lib.folding import business_key, sort_key
from referrals.models import ReferenceCustomer, ReferenceMoment, ReferenceUse, ReferralContact
from referrals.plans.models import ReferencePlan, ReferencePlanCell, ReferencePlanRow
from referrals.plans.querysets import customers_of
from referrals.plans.template import ASKING, CONTACTS, SUITABILITY, USES

ROWS_MOST = 40
"""So many customers come into a section by themselves, the most suitable ones: a plan is a sheet for a meeting, not a list."""
_NUMBER_BEHIND = re.compile(r"\(([^()]+)\)$")
_State = ReferenceCustomer.State
_RATED = (_State.CANDIDATE, _State.QUALIFIED, *ReferenceCustomer.ON_THE_WAY, *ReferenceCustomer.USABLE, _State.UNDER_REVIEW)
_WHY = "a plan's own customers"


def collect(plan: ReferencePlan) -> None:
    """Link what people typed with customers, and add what the data have beyond that. A second run adds nothing."""
    link(plan)
    today, customers = timezone.localdate(), customers_of(plan).values("pk")
    references = ReferenceCustomer.objects.for_system(_WHY).filter(customer__in=customers)
    rated = references.filter(state__in=_RATED).order_by("-suitability", "pk")
    _add(plan, SUITABILITY, "customer_id", rated.values_list("customer", flat=True)[:ROWS_MOST])
    _add(plan, ASKING, "customer_id", _to_be_asked(references, customers, today))
    uses = ReferenceUse.objects.for_system(_WHY).filter(customer__in=customers)
    of_period = uses.filter(used_on__range=(plan.starts_on, plan.ends_on)) | uses.owing(timezone.localdate()).filter(
        used_on__lt=plan.starts_on
    )
    _add(plan, USES, "use_id", of_period.order_by("used_on", "pk").values_list("pk", flat=True))
    named = ReferralContact.objects.for_system(_WHY).filter(recommender__customer__in=customers)
    in_hand = Q(named_on__range=(plan.starts_on, plan.ends_on)) | Q(named_on__lt=plan.starts_on, state__in=ReferralContact.OPEN)
    _add(plan, CONTACTS, "referral_id", named.filter(in_hand).order_by("named_on", "pk").values_list("pk", flat=True))


def link(plan: ReferencePlan) -> None:
    """Give each row the customer whose name or number was typed into it; what means nobody, or several, stays a text."""
    typed = ReferencePlanCell.objects.filter(
        row__document=plan, row__section__in=[SUITABILITY, ASKING], row__removed_at=None, column="customer"
    ).exclude(value="")
    texts = {cell.row_id: cell.value for cell in typed.exclude(edited_by=None, row__customer__isnull=False)}
    standing = dict(plan.rows.filter(pk__in=texts).values_list("pk", "customer"))
    found = _customers_called(plan, set(texts.values()))
    for row_id, text in texts.items():
        if standing.get(row_id) != found.get(text):
            plan.rows.filter(pk=row_id).update(customer=found.get(text))


def _customers_called(plan: ReferencePlan, texts: set[str]) -> dict[str, int]:
    """Text → the one customer it means, by number, by "Name (Number)", or by the whole name."""
    keys = {text: business_key(_NUMBER_BEHIND.findall(text.strip())[-1] if _NUMBER_BEHIND.search(text.strip()) else text) for text in texts}
    names = {text: sort_key(text) for text in texts}
    rows = customers_of(plan).filter(Q(number_key__in=set(keys.values())) | Q(sort_key__in=set(names.values())))
    by_number, by_name = {}, {}
    for pk, number, name in rows.values_list("pk", "number_key", "sort_key") if texts else ():
        by_number[number] = pk
        by_name.setdefault(name, []).append(pk)
    found = {}
    for text in texts:
        named = by_name.get(names[text], [])
        if keys[text] in by_number or len(named) == 1:
            found[text] = by_number.get(keys[text]) or named[0]
    return found


def _to_be_asked(references: QuerySet, customers: QuerySet, today: dt.date) -> list[int]:
    """Who is on the way, and who has a right moment laid before his owner."""
    on_the_way = references.filter(state__in=ReferenceCustomer.ON_THE_WAY).order_by("asked_on", "pk")
    moments = ReferenceMoment.objects.for_system(_WHY).filter(customer__in=customers, suggested_on__isnull=False, valid_until__gte=today)
    moments = moments.exclude(kind=ReferenceMoment.Kind.PROMOTER)  # who answered what is not everybody's to know
    asked = list(on_the_way.values_list("customer", flat=True)[:ROWS_MOST])
    return [*asked, *moments.order_by("suggested_on", "pk").values_list("customer", flat=True)[:ROWS_MOST]]


def _add(plan: ReferencePlan, section: str, column: str, ids: Iterable[int]) -> None:
    known = set(plan.rows.filter(section=section).values_list(column, flat=True))
    last = plan.rows.filter(section=section).aggregate(last=Max("position"))["last"] or 0
    new = [pk for pk in dict.fromkeys(ids) if pk not in known]
    ReferencePlanRow.objects.bulk_create(
        (ReferencePlanRow(document=plan, section=section, position=position, **{column: pk}) for position, pk in enumerate(new, last + 1)),
        ignore_conflicts=True,
    )
