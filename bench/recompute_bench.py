"""What a recompute costs: `recompute --as-of 2011-12-10` over the half million raw lines of Online Retail on PostgreSQL.

Its floor is that of bench/recompute_floor.py; what it costs over a company of a size that hurts is measured by bench/scale_bench.py.
"""

import datetime as dt
import time

from bench import online_retail, product
from bench.cost import Cost, cost_of
from bench.figures import Figure, compared
from bench.postgres import Postgres
from bench.product import progress
from bench.recompute_floor import floor

AS_OF = dt.date(2011, 12, 10)
RATIO_MOST, ONE_MOST_MS = 4, 50


def measure() -> list[Figure]:
    source = online_retail.raw_lines()
    if not source.exists():
        progress(f"left out: {source} is not there (SHARED_DIR says where the data lie)")
        return []
    with product.installed() as database:
        _load(online_retail.write_lists(source, database.folder / "lists"))
        first, _written = _recompute(database)
        product.settle()
        again, written = _recompute(database)
        least = floor(database, AS_OF)
        one = _one_customer()
    return [
        compared("recompute: processor time", first.cpu, least.cpu, RATIO_MOST, "s"),
        compared("recompute: time", first.wall, least.wall, RATIO_MOST, "s"),
        compared("recompute again: processor time", again.cpu, least.cpu, RATIO_MOST, "s"),
        Figure("recompute again: rows written", written, None, None, 0, "rows"),
        *one,
    ]


def _load(lists: online_retail.Lists) -> None:
    for kind in ("customers", "products", "orders"):
        product.manage("import_list", kind, str(getattr(lists, kind)))
    product.settle()


def _recompute(database: Postgres) -> tuple[Cost, int]:
    """The cost of a full run, and how many rows it wrote."""
    cost = cost_of(lambda: product.manage("recompute", "--as-of", AS_OF.isoformat()), database)
    from innendienst.base.models import Job

    written = Job.objects.filter(kind="recompute").latest("pk").result["written"]
    progress(f"recompute: {cost.cpu:.1f} s, wrote " + ", ".join(f"{table} {count}" for table, count in written.items()))
    return cost, sum(written.values())


def _one_customer() -> list[Figure]:
    """What a call or an order of one customer costs afterwards: the refresh of the middle one of those with a reason."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from campaigns.models import Opportunity
    from customers.touched import touch
    from innendienst.base import jobs

    ids = Opportunity.objects.for_system("measuring").best_first().values_list("customer", flat=True)
    customer_id = ids[len(ids) // 2]

    def refresh() -> float:
        touch([customer_id])
        job, started = jobs.request("refresh"), time.monotonic()
        jobs.run(job.pk)
        return time.monotonic() - started

    times = [refresh() for _turn in range(21)]
    with CaptureQueriesContext(connection) as captured:  # apart: writing queries down takes as long as many of them
        refresh()
    return [
        Figure("refresh of one customer: time", sorted(times)[10] * 1000, None, None, ONE_MOST_MS, "ms"),
        Figure("refresh of one customer: queries", len(captured), None, None, None, "queries"),
    ]
