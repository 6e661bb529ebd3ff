"""Scoring customers by the scales of all: each refresh for those it serves, the scales themselves by a full recompute."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from json import dumps, loads

from django.db.models import Count, DecimalField, F, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Round

from customers import scoring, sql
from customers.facts import data_as_of
from customers.models import CustomerFacts, Need, ScoreScale
from customers.models.companies import AbcClass
from customers.needs import potentials
from customers.preferences import CustomersPreferences
from customers.scoring import Scale
from innendienst.base import preferences
from innendienst.lib.kept import keep_rows
from innendienst.lib.money import cents
from innendienst.lib.prepared import IdsParam, Prepared

MONEY, FREQUENCY, RECENCY, POTENTIAL, CLASSES = "money", "frequency", "recency", "potential", "classes"

_WHY = "scores compare all customers"
_MONEY = DecimalField(max_digits=14, decimal_places=2)
_HALF_A_CENT = 0.005
"""The databases round an assumed worth a hair differently."""


def refresh_scales(before: dt.date) -> Counter[str]:
    """Find anew where each value stands among those of all customers; rows written. Called once ABC classes are right.

    What they buy elsewhere is measured against what they bought from us before that day.
    """
    ratio = preferences.get(CustomersPreferences).assumed_cm_ratio
    customers = CustomerFacts.objects.for_system(_WHY).filter(customer__is_collective=False, customer__merged_into=None)
    worth = Coalesce("margin_12m", Round(F("revenue_12m") * Value(Decimal(str(ratio))), precision=2), output_field=_MONEY)
    worths = customers.annotate(worth=worth)
    points = {
        MONEY: scoring.scale((float(worth), count) for worth, count in _counted(worths, "worth")),
        FREQUENCY: scoring.scale(_counted(customers.filter(orders_12m_count__gt=0), "orders_12m_count")),
        RECENCY: scoring.scale((day.toordinal(), count) for day, count in _counted(customers.exclude(last_order_on=None), "last_order_on")),
        POTENTIAL: scoring.scale(_elsewhere(before)),
        CLASSES: _least_worths(worths),
    }
    return Counter(ScoreScale=keep_rows(sql.SCALES, [(measure, dumps(rows)) for measure, rows in points.items()]))


def refresh(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Counter[str]:
    """Score these customers by their facts and the last scales; rows written. Their facts stand already."""
    return Counter(CustomerFacts=sql.set_scores(list(_rows(customer_ids, today, before)), today))


@dataclass(frozen=True)
class _Scales:
    """The last scales, and the least worth of a customer of class A and of class B (None: nobody is)."""

    money: Scale
    frequency: Scale
    recency: Scale
    potential: Scale
    least_a: float | None
    least_b: float | None

    def abc_class(self, worth: float) -> str:
        for abc_class, least in ((AbcClass.A, self.least_a), (AbcClass.B, self.least_b)):
            if worth > 0 and least is not None and worth > least - _HALF_A_CENT:
                return abc_class
        return AbcClass.C


def _rows(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Iterator[tuple]:
    """Rows as sql.set_scores wants them."""
    scales, ratio = _load_scales(), Decimal(str(preferences.get(CustomersPreferences).assumed_cm_ratio))
    as_of = data_as_of(before)
    bands = {row[0]: row[1:] for row in sql.read_bands(customer_ids, as_of)} if as_of else {}
    elsewhere = potentials(customer_ids, before)
    for row in _FACTS(customers=customer_ids):
        pk, margin, revenue, margin_before, revenue_before, orders_count, first_on, last_on, since_on, *classed = row
        worth, worth_before = _worth(margin, revenue, ratio), _worth(margin_before, revenue_before, ratio)
        parts = {
            "margin": _rounded(scales.money.share(float(worth))),
            "potential": _rounded(scales.potential.share(float(elsewhere[pk]))) if pk in elsewhere else None,
            "trend": scoring.trend(worth, worth_before),
            "loyalty": scoring.loyalty(since_on or first_on, today),
            "strategic": None,
        }
        value = scoring.value(parts)
        yield (
            pk,
            _class(float(worth), scales, *classed),
            _grade(scales.recency, last_on and last_on.toordinal()),
            _grade(scales.frequency, orders_count),
            _grade(scales.money, float(worth) if worth > 0 else None),
            value and value.points,
            dumps(parts if value else {}),
            scoring.churn_band(*map(float, bands.get(pk, (0, 0, 0, 0)))),
        )


_COLUMNS = (
    "pk", "margin_12m", "revenue_12m", "margin_before", "revenue_before", "orders_12m_count", "first_order_on", "last_order_on",
    "customer__customer_since",
    "abc_class", "is_stated", "customer__stated_abc_class", "customer__is_collective", "customer__merged_into",
)  # fmt: skip
_FACTS = Prepared(
    lambda: CustomerFacts.objects.for_system(_WHY).filter(customer__in=IdsParam("customers")).order_by("pk").values_list(*_COLUMNS)
)


def _class(
    worth: float, scales: _Scales, abc_class: str, is_stated: bool, stated: str, is_collective: bool, merged_into: int | None
) -> str:
    """As the full recompute classed them, read off its limits. What the ERP states stands; without limits the class stays."""
    if is_stated and stated:
        return stated
    if is_collective or merged_into is not None:
        return AbcClass.C
    return abc_class if scales.least_a is None else scales.abc_class(worth)


def _grade(scale: Scale, value: float | None) -> int:
    return scoring.grade(scale.share(value) if value else None)


def _worth(margin: Decimal | None, revenue: Decimal, ratio: Decimal) -> Decimal:
    return cents(revenue * ratio) if margin is None else margin


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _counted(customers: QuerySet, column: str) -> Iterable[tuple]:
    """Rows value and number of customers, lowest first."""
    return customers.order_by(column).values_list(column).annotate(count=Count("pk")).order_by(column).iterator()


def _elsewhere(before: dt.date) -> list[tuple[float, int]]:
    """Rows net euros bought elsewhere and number of customers, lowest first, of those whose need is known."""
    known = Need.objects.for_system(_WHY).filter(yearly_need__isnull=False).order_by().values_list("customer", flat=True).distinct()
    return sorted(Counter(map(float, potentials(list(known), before).values())).items())


def _least_worths(worths: QuerySet) -> list[tuple[str, float]]:
    """The least worth of each class that is not merely stated."""
    computed = worths.filter(worth__gt=0).exclude(is_stated=True, customer__stated_abc_class__gt="")
    least = computed.order_by().values_list("abc_class").annotate(least=Min(F("worth")))
    return sorted((abc_class, float(worth)) for abc_class, worth in least)


def _load_scales() -> _Scales:
    stored = dict(ScoreScale.objects.values_list("measure", Cast("points", TextField())))
    least = dict(loads(stored.get(CLASSES, "[]")))
    scales = {measure: _scale(stored.get(measure, "[]")) for measure in (MONEY, FREQUENCY, RECENCY, POTENTIAL)}
    return _Scales(**scales, least_a=least.get(AbcClass.A), least_b=least.get(AbcClass.B))


@lru_cache(maxsize=8)
def _scale(points: str) -> Scale:
    """From the stored text: a scale of thousands of points stays for a night, and each refresh of a customer wants it."""
    rows = loads(points)
    return Scale(*zip(*rows, strict=True)) if rows else Scale()
