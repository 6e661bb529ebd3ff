"""What a recompute costs: `recompute --as-of 2011-12-10` over the half million raw lines of Online Retail on PostgreSQL.

The floor is what nobody can avoid: the group-bys over the lines (per month, per day and per customer), and a bare COPY of the
rows that are written, as ready text, into tables with the same columns and indexes but without foreign keys. Floor and
figure count the processor time of this process and of the database server; start-up is not counted in either.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from bench import online_retail, product
from bench.cpu import own_seconds
from bench.figures import Figure, compared
from bench.postgres import Postgres
from bench.product import progress

AS_OF = "2011-12-10"
RATIO_MOST = 4
_TABLES = (
    "customers_purchasemonth", "customers_purchaserhythm", "customers_customerfacts",
    "campaigns_opportunity", "campaigns_opportunityitem", "campaigns_calllistrow",
)  # fmt: skip
_LINES = f"FROM customers_orderline WHERE ordered_on < '{AS_OF}' AND status <> 'cancelled'"
_SUMS = "SUM(quantity), ROUND(SUM(revenue_net), 2), SUM(contribution_margin), COUNT(*)"
_GROUP_BYS = (
    f"SELECT customer_id, product_id, DATE_TRUNC('month', ordered_on), {_SUMS} {_LINES} GROUP BY 1, 2, 3",
    f"SELECT customer_id, product_id, ordered_on, {_SUMS} {_LINES} GROUP BY 1, 2, 3",
    f"SELECT customer_id, {_SUMS}, COUNT(DISTINCT order_id), MIN(ordered_on), MAX(ordered_on) {_LINES} GROUP BY 1",
)


@dataclass(frozen=True)
class Cost:
    """Seconds, the database server included in `cpu`."""

    cpu: float
    wall: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.wall + other.wall)


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
        floor = _group_bys(database) + _copies(database)
        one = _one_customer()
    return [
        compared("recompute: processor time", first.cpu, floor.cpu, RATIO_MOST, "s"),
        compared("recompute: time", first.wall, floor.wall, RATIO_MOST, "s"),
        compared("recompute again: processor time", again.cpu, floor.cpu, RATIO_MOST, "s"),
        Figure("recompute again: rows written", written, None, None, 0, "rows"),
        *one,
    ]


def _load(lists: online_retail.Lists) -> None:
    for kind in ("customers", "products", "orders"):
        product.manage("import_list", kind, str(getattr(lists, kind)))
    product.settle()


def _recompute(database: Postgres) -> tuple[Cost, int]:
    """The cost of a full run, and how many rows it wrote."""
    cost = _cost(lambda: product.manage("recompute", "--as-of", AS_OF), database)
    from innendienst.base.models import Job

    written = Job.objects.filter(kind="recompute").latest("pk").result["written"]
    progress(f"recompute: {cost.cpu:.1f} s, wrote " + ", ".join(f"{table} {count}" for table, count in written.items()))
    return cost, sum(written.values())


def _group_bys(database: Postgres) -> Cost:
    from django.db import connection

    def group() -> None:
        with connection.cursor() as cursor:
            for statement in _GROUP_BYS:
                cursor.execute(f"SELECT COUNT(*) FROM ({statement}) AS groups")

    cost = _cost(group, database)
    progress(f"floor: group-bys {cost.cpu:.2f} s")
    return cost


def _copies(database: Postgres) -> Cost:
    from django.db import connection

    total = Cost(0, 0)
    with connection.cursor() as cursor:
        for table in _TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as rows:
                text = b"".join(map(bytes, rows))
            cursor.execute(f"CREATE TABLE floor_rows (LIKE {table} INCLUDING INDEXES)")
            cost = _cost(lambda text=text: _copy(cursor, text), database)
            cursor.execute("DROP TABLE floor_rows")
            progress(f"floor: copy {table} {cost.cpu:.2f} s")
            total += cost
    return total


def _copy(cursor, text: bytes) -> None:
    with cursor.copy("COPY floor_rows FROM STDIN") as copy:
        copy.write(text)


def _one_customer() -> list[Figure]:
    """What a call or an order of one customer costs afterwards: the refresh of the middle one of those with a reason."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from campaigns.models import Opportunity
    from customers.touched import touch
    from innendienst.base import jobs

    ids = Opportunity.objects.for_system("measuring").best_first().values_list("customer", flat=True)
    customer_id = ids[len(ids) // 2]
    times = []
    for _turn in range(11):
        touch([customer_id])
        job = jobs.request("refresh")
        with CaptureQueriesContext(connection) as captured:
            started = time.monotonic()
            jobs.run(job.pk)
            times.append(time.monotonic() - started)
    return [
        Figure("refresh of one customer: time", sorted(times)[5] * 1000, None, None, None, "ms"),
        Figure("refresh of one customer: queries", len(captured), None, None, None, "queries"),
    ]


def _cost(act: Callable[[], object], database: Postgres) -> Cost:
    own = psutil.Process()
    before, started = own_seconds(own) + database.cpu_seconds(), time.monotonic()
    act()
    return Cost(own_seconds(own) + database.cpu_seconds() - before, time.monotonic() - started)
