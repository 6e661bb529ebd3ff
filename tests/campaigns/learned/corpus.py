"""Lines of an invented wholesaler: monthly and quarterly buyers, and machines that most owners use with their pads."""

import random
from collections import defaultdict

from campaigns.learned.purchases import Book, PurchaseDay, read

TODAY = 20_000
CLEANER, TOWELS, MACHINE, PADS, DESCALER, CHAIR, RARE = range(101, 108)
NAMES = {
    CLEANER: "Reiniger 5 l", TOWELS: "Handtücher weiß", MACHINE: "Bodenmaschine B 43", PADS: "Pads für Bodenmaschine",
    DESCALER: "Entkalker", CHAIR: "Bürostuhl", RARE: "Sonderteil",
}  # fmt: skip
CUSTOMERS = 120
FIRST = 1_001


def rows(until: int = TODAY, seed: int = 7) -> list[PurchaseDay]:
    """Purchases of 420 days up to `until`, not included; every fifth customer stays away from some day on."""
    lot, bought = random.Random(seed), defaultdict(float)
    for customer in range(FIRST, FIRST + CUSTOMERS):
        stays_until = min(until, TODAY - lot.randrange(300)) if customer % 5 == 0 else until
        for product, gap in _habits(customer, lot):
            day = TODAY - 420 + lot.randrange(gap)
            while day < stays_until:
                bought[customer, product, day] += lot.randint(1, 9)
                day += max(1, gap + lot.randint(-gap // 10, gap // 10))
    return [PurchaseDay(*key, quantity, quantity * 10.0) for key, quantity in bought.items()]


def _habits(customer: int, lot: random.Random) -> list[tuple[int, int]]:
    """Products with their gaps in days. Every second customer buys monthly, the others quarterly."""
    gap = 30 if customer % 2 else 91
    habits = [(CLEANER, gap), (TOWELS, gap * 2)]
    if customer % 3 == 0:
        habits.append((MACHINE, 400))
        if lot.random() < 0.8:
            habits.append((PADS, gap))
    if lot.random() < 0.3:
        habits.append((DESCALER, gap))
    if lot.random() < 0.2:
        habits.append((CHAIR, 365))
    return habits


def book(until: int = TODAY) -> Book:
    return read(row for row in rows(until) if row.day < until)


def names(one: Book) -> list[str]:
    return [NAMES[product] for product in one.product_ids]
