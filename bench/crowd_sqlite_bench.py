"""The same as bench/crowd_bench.py on SQLite, with as many reps as should share one file: nobody may meet a locked one."""

from bench import crowd_bench, sqlite
from bench.figures import Figure

REPS, CUSTOMERS = 20, 5_000


def measure(customers: int = CUSTOMERS) -> list[Figure]:
    return crowd_bench.measure(customers, REPS, sqlite.running)
