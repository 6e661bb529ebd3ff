"""Which customers a filter finds: over their fields, their scores and what they bought, from kept sums alone.

Criteria are JSON, so that a filter can be saved and frozen: `abc` and `churn` lists of codes; `industry`, `region` ("01-09, 30"),
`team` (id); `revenue_from`, `revenue_to`, `value_from` numbers as text; `quiet_months`; `purchases`, rows of `how` (bought, never,
not_since), `what` ("product:5", "group:7"), `name` and `months`; and, by its key, whatever an app above adds (`add_criterion`). What is
missing filters nothing. `picked` are ids of customers who belong to it whatever the others say. segment_words.py says all of them in words.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, ExpressionWrapper, F, FloatField, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import allowed
from customers.models import Customer, PurchaseRhythm
from customers.querysets import CustomerQuerySet
from innendienst.lib.dates import add_months
from innendienst.lib.money import cents

Criteria = Mapping[str, object]
_WHY = "purchases of customers who were asked for properly"
_RANGE = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?", re.ASCII)
REVENUE = "facts__revenue_12m"
PICKED = "picked"


class How(models.TextChoices):
    BOUGHT = "bought", gettext_lazy("bought within")
    NEVER = "never", gettext_lazy("never bought")
    NOT_SINCE = "not_since", gettext_lazy("bought before, not within")


class UnreadableRegion(ValueError):
    """The text is no list of postcodes."""


@dataclass(frozen=True)
class Criterion:
    """A choice of some codes that an app above knows how to find. `capability`: who may use it, and read that it is used."""

    key: str
    label: str | Promise
    choices: Sequence[tuple[str, str | Promise]]
    capability: str
    condition: Callable[[Sequence[str]], Q]


_added: dict[str, Criterion] = {}


def add_criterion(criterion: Criterion) -> None:
    _added[criterion.key] = criterion


def added_criteria() -> Mapping[str, Criterion]:
    return _added


def is_open_to(user: User, criteria: Criteria) -> bool:
    """Whether the user may use these criteria: some say of customers what is not for everybody."""
    return all(allowed(user, _added[key].capability) for key in criteria if key in _added)


def open_part(user: User, criteria: Criteria) -> Criteria:
    """The criteria without those that are not for this user's eyes."""
    return {key: value for key, value in criteria.items() if is_open_to(user, {key: value})}


def find(customers: CustomerQuerySet, criteria: Criteria, today: dt.date) -> CustomerQuerySet:
    """Those of `customers` whom the criteria name; merged, inactive and collective accounts never."""
    found = customers.filter(merged_into=None, is_inactive=False, is_collective=False)
    conditions, picked = list(_conditions(criteria, today)), criteria.get(PICKED)
    if picked:
        by_hand = Q(pk__in=picked)
        return found.filter(Q(*conditions) | by_hand if conditions else by_hand)
    for condition in conditions:
        found = found.filter(condition)
    return found


@dataclass(frozen=True)
class Size:
    """How many customers there are, and their twelve months in net euros; `deviation` is that of the margins between customers."""

    count: int
    revenue: Decimal
    margin: Decimal
    deviation: float
    by_class: Mapping[str, int]


def measure(customers: CustomerQuerySet) -> Size:
    """One query, whatever the number of customers and order lines."""
    classes = {f"class_{one}": Count("pk", filter=Q(facts__abc_class=one)) for one in "ABC"}
    margin = F("facts__margin_12m")
    found = customers.order_by().aggregate(
        count=Count("pk"), revenue=Sum(REVENUE), margin=Sum(margin), known=Count(margin),
        squares=Sum(ExpressionWrapper(margin * margin, output_field=FloatField())), **classes,
    )  # fmt: skip
    total = Decimal(found["margin"] or 0)
    mean = float(total) / found["known"] if found["known"] else 0.0
    variance = found["squares"] / found["known"] - mean * mean if found["known"] else 0.0
    return Size(
        found["count"], cents(Decimal(found["revenue"] or 0)), cents(total), max(variance, 0.0) ** 0.5,
        {one: found[f"class_{one}"] for one in "ABC"},
    )  # fmt: skip


def regions(text: str) -> list[tuple[str, str]]:
    """First and last beginning of postcodes: "01-09, 30" is [("01", "09"), ("30", "30")]. Raises UnreadableRegion."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None or (match[2] and len(match[1]) != len(match[2])):
            raise UnreadableRegion(part)
        found.append((match[1], match[2] or match[1]))
    return found


def _conditions(criteria: Criteria, today: dt.date) -> Iterator[Q]:
    if abc := criteria.get("abc"):
        yield Q(facts__abc_class__in=abc)
    if churn := criteria.get("churn"):
        yield Q(facts__churn_band__in=churn)
    if industry := criteria.get("industry"):
        yield Q(industry__istartswith=industry)
    if region := criteria.get("region"):
        beginnings = [Q(postcode__gte=first, postcode__lte=last + "zzzz") for first, last in regions(str(region))]
        yield Q(*beginnings, _connector=Q.OR)
    if team := criteria.get("team"):
        yield Q(owner__team=team)
    for name, lookup in (
        ("revenue_from", f"{REVENUE}__gte"),
        ("revenue_to", f"{REVENUE}__lte"),
        ("value_from", "facts__customer_value__gte"),
    ):
        if criteria.get(name):
            yield Q(**{lookup: Decimal(str(criteria[name]))})
    if quiet := criteria.get("quiet_months"):
        yield Q(facts__last_order_on__lt=add_months(today, -int(str(quiet))))
    for row in criteria.get("purchases") or ():  # type: ignore[attr-defined]
        yield from _bought(row, today)
    for key, criterion in _added.items():
        if codes := criteria.get(key):
            yield criterion.condition(codes)  # type: ignore[arg-type]


def _bought(row: Mapping[str, str], today: dt.date) -> Iterator[Q]:
    kind, _colon, pk = row["what"].partition(":")
    of_goods = {"product": pk} if kind == "product" else {"product__group": pk}
    bought = PurchaseRhythm.objects.for_system(_WHY).filter(**of_goods).order_by()
    since = add_months(today, -int(row.get("months") or 12))
    if row["how"] == How.BOUGHT:
        yield Q(pk__in=bought.filter(last_on__gte=since).values("customer"))
    elif row["how"] == How.NEVER:
        yield ~Q(pk__in=bought.values("customer"))
    else:
        yield Q(pk__in=bought.filter(last_on__lt=since).values("customer"))
        yield ~Q(pk__in=bought.filter(last_on__gte=since).values("customer"))


def all_customers() -> CustomerQuerySet:
    """For whoever plans for the whole house; what a person may see narrows lists, not campaigns."""
    return Customer.objects.for_system("a campaign is for all customers of the house")
