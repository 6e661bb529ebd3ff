"""Cross-selling: who has one article could use another that he does not buy from us (domain guide 2.1).

The pairs are curated: accessories and services of the product relations.
"""

from collections.abc import Iterator
from decimal import Decimal

from campaigns.reasons.basis import Article, CustomerPurchases, Relation
from campaigns.reasons.suggestions import Item, Suggestion

KIND = "cross_sell"


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every matching article he lacks, each with the youngest purchase that it matches."""
    best: dict[int, Relation] = {}
    for relation in _fitting(purchases):
        known = best.get(relation.to_id)
        if known is None or _freshness(purchases, relation) > _freshness(purchases, known):
            best[relation.to_id] = relation
    items = [_item(relation, purchases.catalogue.articles[relation.to_id]) for relation in best.values()]
    return [Suggestion(KIND, items)] if items else []


def _fitting(purchases: CustomerPurchases) -> Iterator[Relation]:
    today = purchases.moment.today
    for product_id in purchases.bought:
        for relation in purchases.catalogue.relations.get(product_id, ()):
            match = purchases.catalogue.articles[relation.to_id]
            if purchases.has(product_id) and not purchases.has(match.id) and match.last_day is None and match.is_sold_on(today):
                yield relation


def _freshness(purchases: CustomerPurchases, relation: Relation) -> tuple:
    return purchases.bought[relation.from_id].last_on, -relation.id


def _item(relation: Relation, match: Article) -> Item:
    revenue, margin = _expected(match)
    return Item(match.id, {"because": relation.from_id, "relation": relation.id}, revenue, margin)


def _expected(match: Article) -> tuple[Decimal, Decimal | None]:
    """What others usually order of it; while nobody did, one unit at its price."""
    if match.demand is not None:
        return match.demand.revenue, match.demand.margin
    price = match.price or Decimal(0)
    return price, None if match.cost is None or match.price is None else price - match.cost
