"""The same as bench/scale_bench.py on SQLite, for the largest company that should think of it."""

from bench import scale_bench, sqlite
from bench.figures import Figure

CUSTOMERS = 100_000


def measure(customers: int = CUSTOMERS) -> list[Figure]:
    return scale_bench.measure(customers, sqlite.running)
