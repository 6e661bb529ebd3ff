"""What one customer buys, how much and in which rhythm: read from kept tables alone."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DateField, Q
from django.db.models.functions import Coalesce

from customers.bands import Band, band
from customers.models import Customer, PurchaseMonth, PurchaseRhythm
from innendienst.lib.dates import add_months
from innendienst.lib.money import money_sum
from innendienst.lib.prepared import IdsParam, Param, Prepared

MONTHS_SHOWN = 24
PRODUCTS_MOST = 10


@dataclass(frozen=True)
class Bought:
    """One product: what it brought in 24 and in the last 12 calendar months, and how it is bought (None without purchases on days)."""

    product_name: str
    sku: str
    unit: str
    revenue_24m: Decimal
    revenue_12m: Decimal
    rhythm: PurchaseRhythm | None
    band: Band | None


@dataclass(frozen=True)
class Buying:
    """Revenue per calendar month, oldest first, a month without purchases as 0; the best products, freight and the like left out."""

    months: list[tuple[dt.date, Decimal]]
    products: list[Bought]

    @property
    def recent_from(self) -> dt.date:
        """The first of the last twelve months: `Bought.revenue_12m` counts from there."""
        return self.months[-12][0]


_WHY = "a customer already visible"
_FROM, _YEAR_FROM = Param("first_month", DateField()), Param("year_from", DateField())
_OF_MONTHS = Prepared(
    lambda: (
        PurchaseMonth.objects.for_system(_WHY)
        .filter(customer=Param("customer"), month__gte=_FROM)
        .order_by("month")
        .values_list("month")
        .annotate(total=money_sum("revenue_net"))
    )
)
_BEST = Prepared(
    lambda: (
        PurchaseMonth.objects.for_system(_WHY)
        .filter(customer=Param("customer"), month__gte=_FROM, product__not_offered=False)
        .values("product", "product__name", "product__sku", "product__unit")
        .annotate(
            revenue_24m=money_sum("revenue_net"),
            revenue_12m=Coalesce(money_sum("revenue_net", filter=Q(month__gte=_YEAR_FROM)), Decimal(0)),
        )
        .order_by("-revenue_24m", "product")[:PRODUCTS_MOST]
    )
)
_RHYTHMS = Prepared(
    lambda: PurchaseRhythm.objects.for_system(_WHY).filter(customer=Param("customer"), product__in=IdsParam("products")).order_by()
)


def load_buying(customer: Customer, as_of: dt.date) -> Buying:
    """The 24 calendar months up to a day, usually the Datenstand. The customer was found by visible_to."""
    first_month = add_months(as_of.replace(day=1), 1 - MONTHS_SHOWN)
    return Buying(_months(customer, first_month), _products(customer, first_month, as_of))


def _months(customer: Customer, first_month: dt.date) -> list[tuple[dt.date, Decimal]]:
    sums = dict(_OF_MONTHS(customer=customer.pk, first_month=first_month))
    shown = [add_months(first_month, index) for index in range(MONTHS_SHOWN)]
    return [(month, sums.get(month, Decimal(0))) for month in shown]


def _products(customer: Customer, first_month: dt.date, as_of: dt.date) -> list[Bought]:
    best = list(_BEST(customer=customer.pk, first_month=first_month, year_from=add_months(first_month, 12)))
    rhythms = {rhythm.product_id: rhythm for rhythm in _RHYTHMS(customer=customer.pk, products=[row["product"] for row in best])}
    return [_bought(row, rhythms.get(row["product"]), as_of) for row in best]


def _bought(row: dict, rhythm: PurchaseRhythm | None, as_of: dt.date) -> Bought:
    return Bought(
        product_name=row["product__name"],
        sku=row["product__sku"],
        unit=row["product__unit"],
        revenue_24m=row["revenue_24m"],
        revenue_12m=row["revenue_12m"],
        rhythm=rhythm,
        band=rhythm and band(rhythm.last_on, rhythm.median_gap_days, as_of),
    )
