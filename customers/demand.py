"""What a product usually brings, for those who never bought it: the comparable order of the others."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from statistics import median_low

from customers import sql
from customers.models import ProductRelation, PurchaseRhythm
from customers.rhythm import median_money
from innendienst.lib.kept import keep_rows


def refresh_demand() -> Counter[str]:
    """Find the demand for all products that a relation points at; rows written."""
    return Counter(ProductDemand=keep_rows(sql.DEMAND, list(_rows())))


def _rows() -> Iterator[tuple]:
    """Medians over the buyers of what each of them usually orders. The margin is that of the buyers where it is known."""
    wanted = ProductRelation.objects.values("to_product")
    rhythms = PurchaseRhythm.objects.for_system("demand is that of all buyers").filter(product__in=wanted).order_by("product_id")
    columns = rhythms.values_list("product", "usual_quantity", "usual_revenue", "usual_margin")
    for product_id, rows in groupby(columns, key=itemgetter(0)):
        _ids, quantities, revenues, margins = zip(*rows, strict=True)
        known = [margin for margin in margins if margin is not None]
        yield product_id, len(quantities), median_low(quantities), median_money(revenues), median_money(known) if known else None
