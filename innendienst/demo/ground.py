"""What every customer of the demo stands on: colleagues, goods and the company itself, written once and then looked up."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Absence, Team, User
from customers.models import PriceStep, Product, ProductGroup, ProductRelation
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.demo import staff
from innendienst.demo.goods import BY_SKU, GROUPS, Article
from innendienst.demo.pairs import PAIRS
from innendienst.lib.folding import business_key


@dataclass(frozen=True)
class Ground:
    """Ids of what the customers' rows point at."""

    users: dict[str, int]
    teams: dict[str, int]
    products: dict[Article, int]
    groups: dict[str, int]


def read_ground() -> Ground:
    products = dict(Product.objects.filter(sku__in=BY_SKU).values_list("sku", "pk"))
    return Ground(
        users=dict(User.objects.values_list("username", "pk")),
        teams=dict(Team.objects.values_list("name", "pk")),
        products={article: products[sku] for sku, article in BY_SKU.items()},
        groups=dict(ProductGroup.objects.values_list("name", "pk")),
    )


def write_ground(today: dt.date, password_hash: str) -> None:
    _write_staff(today, password_hash)
    _write_goods(today)
    admin = User.objects.get(username="dieter.berg")
    preferences.put(
        CompanyPreferences, by=admin, name=staff.COMPANY, state=staff.COMPANY_STATE, postal_address=staff.COMPANY_ADDRESS, is_set_up=True
    )


def _write_staff(today: dt.date, password_hash: str) -> None:
    """One password for all of them, so one hash as well: making one takes a noticeable time by design."""
    teams = {name: Team.objects.create(name=name, state=state) for name, state in staff.TEAMS.items()}
    User.objects.bulk_create(
        User(
            username=colleague.username, password=password_hash, first_name=colleague.first_name, last_name=colleague.last_name,
            email=colleague.email, role=colleague.role, team=teams.get(colleague.team), phone_extension=f"{place:02d}",
        )
        for place, colleague in enumerate(staff.COLLEAGUES, start=11)
    )  # fmt: skip
    users = User.objects.in_bulk(field_name="username")
    Absence.objects.bulk_create(
        Absence(user=users[leave.user], deputy=users[leave.deputy], from_on=leave.from_on, until_on=leave.until_on)
        for leave in staff.leaves(today)
    )


def _write_goods(today: dt.date) -> None:
    products = {}
    for group in GROUPS:
        row = ProductGroup.objects.create(name=group.name, assumed_cm_ratio=group.assumed_cm_ratio)
        made = Product.objects.bulk_create(_product(article, row, today) for article in group.articles)
        products.update(zip(group.articles, made, strict=True))
    PriceStep.objects.bulk_create(
        PriceStep(product=row, from_quantity=quantity, price=price)
        for article, row in products.items()
        for quantity, price in article.steps
    )
    ProductRelation.objects.bulk_create(
        ProductRelation(from_product=products[pair.source], to_product=products[pair.target], kind=pair.kind, argument=pair.argument)
        for pair in PAIRS
    )


def _product(article: Article, group: ProductGroup, today: dt.date) -> Product:
    last_order_on = None if article.last_order_in is None else today + dt.timedelta(days=article.last_order_in)
    return Product(
        sku=article.sku, sku_key=business_key(article.sku), name=article.name, group=group, kind=article.kind, unit=article.unit,
        price=article.price, cost=article.cost, discontinued_on=last_order_on, last_order_on=last_order_on,
        stock=article.stock if article.stock or last_order_on else None, warranty_months=article.warranty_months,
        term_months=article.term_months, needs_demo=article.needs_demo, not_offered=article.not_offered,
    )  # fmt: skip
