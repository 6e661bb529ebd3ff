"""The segments of a customer on the day he answers: frozen with the answer, so that no later change rewrites a past figure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import DateField, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, CustomerFacts, PurchaseMonth
from innendienst.lib.dates import add_months
from innendienst.lib.money import money_sum
from innendienst.lib.prepared import IdsParam, Param, Prepared
from nps.models import SHORT, Channel

_WHY = "segments are frozen for every answer, whoever enters it"
_AGE_BANDS = ((1, "0-1"), (3, "1-3"), (10, "3-10"))
_AGE_MOST = "10+"

_USED_FACTS = frozenset({"customer", "abc_class", "first_order_on", "revenue_12m"})
UNUSED_FACTS = [field.name for field in CustomerFacts._meta.concrete_fields if field.name not in _USED_FACTS]
"""For `defer`: of the many columns a segment takes three."""
_FACTS = Prepared(lambda: CustomerFacts.objects.for_system(_WHY).filter(customer__in=IdsParam("customers")).only(*_USED_FACTS))
_CUSTOMERS = Prepared(lambda: Customer.objects.for_system(_WHY).filter(pk__in=IdsParam("customers")).select_related("owner__team"))


def _group_sums(customers: Param) -> QuerySet:
    """(customer, product group, revenue) since a month, what counts as the main group last: of equal ones the first by name."""
    owned = {"customer__in" if isinstance(customers, IdsParam) else "customer": customers}
    rows = PurchaseMonth.objects.for_system(_WHY).filter(**owned, month__gte=Param("month", DateField()), product__group__isnull=False)
    sums = rows.values_list("customer", "product__group__name").annotate(total=money_sum("revenue_net"))
    return sums.order_by("customer", "total", "-product__group__name")


_GROUPS_OF_MANY = Prepared(lambda: _group_sums(IdsParam("customers")))
_GROUPS_OF_ONE = Prepared(lambda: _group_sums(Param("customer")))  # the plan for a list of one takes five times as long

DIMENSIONS: dict[str, str | Promise] = {
    "abc_class": _("ABC class"),
    "industry": _("Industry"),
    "region": _("Region (postcode)"),
    "product_group": _("Product group"),
    "customer_age": _("Customer for"),
    "team": _("Team"),
    "channel": _("Channel"),
    "list_segment": _("Group of the list"),
}
"""Column of an answer → what the breakdown by it is called; one at a time, never crossed."""

_ORDERS: Mapping[str, Sequence[str]] = {"abc_class": ("A", "B", "C"), "customer_age": (*(band for _limit, band in _AGE_BANDS), _AGE_MOST)}
"""Dimensions whose values have an order of their own."""

_AGE_NAMES: dict[str, str | Promise] = {
    "0-1": _("less than 1 year"),
    "1-3": _("1 to 3 years"),
    "3-10": _("3 to 10 years"),
    "10+": _("10 years and more"),
}


@dataclass(frozen=True)
class Segments:
    """Texts are "" where unknown, the revenue of the last 12 months None."""

    abc_class: str = ""
    industry: str = ""
    region: str = ""
    product_group: str = ""
    customer_age: str = ""
    team: str = ""
    revenue_12m: Decimal | None = None

    def as_fields(self) -> dict:
        """Columns of an answer."""
        return asdict(self)


def value_name(dimension: str, value: str) -> str:
    """How a segment's value is called on the screen."""
    if not value:
        return str(_("unknown"))
    if dimension == "customer_age":
        return str(_AGE_NAMES.get(value, value))
    if dimension == "channel":
        return str(dict(Channel.choices).get(value, value))
    return value


def place_of(dimension: str, value: str) -> int:
    """Where a value stands among those of its dimension: A before B, what is unknown last; all alike where there is no order."""
    order = _ORDERS.get(dimension, ())
    return order.index(value) if value in order else len(order)


def segments_of(customer_ids: Iterable[int], today: dt.date) -> dict[int, Segments]:
    """Customer id → his segments on that day; three queries however many there are."""
    ids = list(set(customer_ids))
    facts = {row.customer_id: row for row in _FACTS(customers=ids)}
    groups = _main_groups(_GROUPS_OF_MANY(customers=ids, month=_year_before(today)))
    return {one.pk: _segments(one, facts.get(one.pk), groups.get(one.pk, ""), today) for one in _CUSTOMERS(customers=ids)}


def segments_of_customer(customer: Customer, today: dt.date) -> Segments:
    """The same of one customer who is loaded with his facts and his owner's team; one query."""
    facts = customer.facts if hasattr(customer, "facts") else None
    groups = _main_groups(_GROUPS_OF_ONE(customer=customer.pk, month=_year_before(today)))
    return _segments(customer, facts, groups.get(customer.pk, ""), today)


def _segments(customer: Customer, facts: CustomerFacts | None, group: str, today: dt.date) -> Segments:
    since = customer.customer_since or (facts.first_order_on if facts else None)
    team = customer.owner.team if customer.owner else None
    return Segments(
        abc_class=facts.abc_class if facts else customer.stated_abc_class,
        industry=customer.industry[:SHORT],
        region=customer.postcode[:2] if customer.country == "DE" else customer.country,
        product_group=group[:SHORT],
        customer_age=age_band(since, today) if since else "",
        team=team.name if team else "",
        revenue_12m=facts.revenue_12m if facts else customer.stated_revenue,
    )


def age_band(since: dt.date, today: dt.date) -> str:
    """In which span of full years somebody is a customer."""
    years = today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    return next((band for limit, band in _AGE_BANDS if years < limit), _AGE_MOST)


def _main_groups(sums: Iterable[tuple[int, str, Decimal]]) -> Mapping[int, str]:
    """The product group that brought a customer most revenue, his last one in `sums`."""
    return {customer: name for customer, name, _total in sums}


def _year_before(today: dt.date) -> dt.date:
    """The month with which the last 12 months begin."""
    return add_months(today.replace(day=1), -12)
