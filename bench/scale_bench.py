"""What a nightly recompute costs a company of a size that hurts: a million customers with ten million order lines.

The floor is that of bench/recompute_floor.py. The command runs in a process of its own, so that its memory is its own; its start-up is
counted, which is nothing beside the rest.
"""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from bench import postgres, product
from bench.cost import Cost, run
from bench.figures import Figure, compared
from bench.product import Database, progress
from bench.recompute_bench import RATIO_MOST
from bench.recompute_floor import floor

CUSTOMERS, LINES_PER_CUSTOMER = 1_000_000, 10
MEMORY_MOST_MIB = 2_048


def measure(customers: int = CUSTOMERS, running: Callable[[], AbstractContextManager[Database]] = postgres.running) -> list[Figure]:
    with product.installed(database=running) as database:
        from django.utils import timezone

        from bench import volume  # models can be imported now that Django is set up

        today, started = timezone.localdate(), time.monotonic()
        volume.fill(customers, today, volume.Size(LINES_PER_CUSTOMER))
        product.settle()
        progress(f"{customers:,} customers with {customers * LINES_PER_CUSTOMER:,} order lines written: {time.monotonic() - started:.0f} s")
        first, _written = _recompute(database)
        product.settle()
        again, written = _recompute(database)
        least = floor(database, today)
    what = f"recompute of {customers:,} customers"
    return [
        compared(f"{what}: processor time", first.cpu, least.cpu, RATIO_MOST, "s"),
        compared(f"{what}: time", first.wall, least.wall, RATIO_MOST, "s"),
        Figure(f"{what}: memory", first.peak, None, None, MEMORY_MOST_MIB, "MiB"),
        compared("the same again: processor time", again.cpu, least.cpu, RATIO_MOST, "s"),
        Figure("the same again: rows written", written, None, None, 0, "rows"),
    ]


def _recompute(database: Database) -> tuple[Cost, int]:
    """The cost of a full run, and how many rows it wrote."""
    ended = run(["recompute"], database)
    if ended.code:
        raise RuntimeError(f"recompute ended with {ended.code}")
    from innendienst.base.models import Job

    written = Job.objects.filter(kind="recompute").latest("pk").result["written"]
    progress(f"recompute: {ended.cost.cpu:.0f} s, wrote {json.dumps(written)}")
    return ended.cost, sum(written.values())
