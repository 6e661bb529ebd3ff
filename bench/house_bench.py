"""The pages of bench/pages_bench.py in a large house: 200,000 customers, ten million order lines, a million calls, 200 reps."""

from bench import pages_bench
from bench.figures import Figure

_SIZE = {"lines_per_customer": 70, "calls_per_three_customers": 15, "teams": 25}
"""Asked for 70 lines, customers have 50 on average: many order too seldom for more."""


def measure(customers: int = 200_000) -> list[Figure]:
    return pages_bench.measure(customers, **_SIZE)
