"""Who sells what: reps in two teams, products in four kinds and which of them lead to which."""

import datetime as dt
import random
from dataclasses import dataclass, field

from accounts.models import Role, Team, User
from customers.models import Product, ProductGroup, ProductRelation
from innendienst.lib.folding import business_key

REPS_PER_TEAM = 8
_STATES = ("SN", "BY")
CUSTOMERS_OF_NEWCOMER = 3
# Kind, how many, usual price in euros.
_PRODUCTS = (("device", 60, 900), ("accessory", 120, 60), ("consumable", 270, 25), ("service", 50, 200))


@dataclass(frozen=True)
class Size:
    """How much a company has of everything but customers. Some order too seldom for as many lines as asked, others have one more."""

    lines_per_customer: int = 10
    calls_per_three_customers: int = 2
    teams: int = 2


@dataclass
class Company:
    """Who is who. `largest` has thousands of order lines; `newcomer` looks after three customers only."""

    customers: int
    today: dt.date
    seed: int
    size: Size = Size()
    reps: list[User] = field(default_factory=list)
    products: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Kind → (id, price in cents)."""

    largest = 1

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    @property
    def ids(self) -> range:
        """Of the customers, as a new database counts them."""
        return range(1, self.customers + 1)

    @property
    def newcomer(self) -> User:
        return self.reps[-1]

    @property
    def busy(self) -> User:
        return self.reps[0]

    def owner_id(self, customer: int) -> int | None:
        """The newcomer has the last few, every twentieth customer nobody, the reps share the others."""
        if customer > self.customers - CUSTOMERS_OF_NEWCOMER:
            return self.newcomer.pk
        return None if customer % 20 == 0 else self.reps[customer % (len(self.reps) - 1)].pk


def write_people_and_goods(company: Company) -> None:
    teams = [Team.objects.create(name=f"Team {index}", state=_STATES[index % 2]) for index in range(company.size.teams)]
    company.reps = [
        User.objects.create(
            username=f"rep{index}", first_name=f"Rep {index}", role=Role.REP, team=teams[index // REPS_PER_TEAM % len(teams)]
        )
        for index in range(len(teams) * REPS_PER_TEAM + 1)
    ]
    groups = [ProductGroup.objects.create(name=f"Gruppe {index}") for index in range(10)]
    for kind, amount, price in _PRODUCTS:
        company.products[kind] = [_write_product(company, kind, index, price, groups[index % 10]) for index in range(amount)]
    _write_relations(company)


def _write_product(company: Company, kind: str, index: int, usual_price: int, group: ProductGroup) -> tuple[int, int]:
    cents = round(usual_price * company.rng.uniform(0.3, 3) * 100)
    cost = None if index % 11 == 0 else f"{cents * 0.6 / 100:.2f}"
    sku = f"{kind[0].upper()}{index:03d}"
    product = Product.objects.create(
        sku=sku, sku_key=business_key(sku), name=f"{kind.title()} {index}", kind=kind, group=group, unit="Stück",
        price=f"{cents / 100:.2f}", cost=cost,
    )  # fmt: skip
    return product.pk, cents


def _write_relations(company: Company) -> None:
    """Each device leads to three accessories and a service, every tenth to a successor."""
    devices = [pk for pk, _price in company.products["device"]]
    for index, device in enumerate(devices):
        goals = [("accessory", pk) for pk, _price in company.products["accessory"][2 * index : 2 * index + 3]]
        goals.append(("service", company.products["service"][index % 50][0]))
        if index % 10 == 0:
            goals.append(("successor", devices[(index + 1) % len(devices)]))
        ProductRelation.objects.bulk_create(
            ProductRelation(from_product_id=device, to_product_id=goal, kind=kind, argument="Passt dazu.") for kind, goal in goals
        )
