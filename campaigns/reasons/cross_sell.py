"""Cross-selling: who has one article could use another that he does not buy from us (domain guide 2.1).

Whom a contract binds to another supplier for a product group can use ours when it ends; what he needs, and until when, somebody
was told in a call (customers/needs.py).

Curated pairs are the accessories and services of the product relations. Learned pairs (campaigns/learning.py) are what
customers with an article buy far more often than others do. Where both lead to an article, the curated one says why.
"""

import datetime as dt
from collections.abc import Iterator

from campaigns.reasons.after_sales import is_fresh, is_served
from campaigns.reasons.basis import DEVICE, SERVICE, SUCCESSOR, Contract, CustomerPurchases, Learned, Relation
from campaigns.reasons.reorder import plain
from campaigns.reasons.suggestions import Item, Suggestion, cents

KIND = "cross_sell"
LEARNED_MOST = 3
"""Everybody lacks something: only what the pairs speak for most is worth a call."""


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every matching article he lacks, each with the youngest purchase that it matches.

    And with the article to begin with where a contract with somebody else ends.
    """
    best: dict[int, Relation] = {}
    for relation in _fitting(purchases):
        known = best.get(relation.to_id)
        if known is None or _freshness(purchases, relation) > _freshness(purchases, known):
            best[relation.to_id] = relation
    contracts = {contract.product_id: contract for contract in purchases.contracts}
    items = [_contract(contract, purchases) for contract in contracts.values()]
    items += [_curated(relation, purchases) for relation in best.values() if relation.to_id not in contracts]
    taken = best.keys() | contracts.keys()
    telling = [pair for pair in purchases.learned if pair.product_id not in taken and _is_telling(pair, purchases)]
    items += [_learned(pair, purchases) for pair in sorted(telling, key=lambda pair: (-pair.need, pair.product_id))[:LEARNED_MOST]]
    return [Suggestion(KIND, items)] if items else []


def _fitting(purchases: CustomerPurchases) -> Iterator[Relation]:
    today = purchases.moment.today
    for product_id in purchases.bought:
        for relation in purchases.catalogue.relations.get(product_id, ()):
            if relation.kind == SUCCESSOR:
                continue
            match = purchases.catalogue.articles[relation.to_id]
            if purchases.has(product_id) and match.is_recommended_on(today) and not _is_there(relation, purchases):
                yield relation


def _is_there(relation: Relation, purchases: CustomerPurchases) -> bool:
    """Whether he has the match. A service counts as long as its term runs, and is first offered by after-sales."""
    if relation.kind == SERVICE:
        match = purchases.catalogue.articles[relation.to_id]
        return is_fresh(purchases, relation) or is_served(purchases, match)
    return purchases.has(relation.to_id)


def _is_telling(pair: Learned, purchases: CustomerPurchases) -> bool:
    """Whether enough customers speak for the pair, and he still has the one article and not the other.

    A device is left out: whoever buys what belongs to it has one already, from wherever.
    """
    limits, match = purchases.moment.limits, purchases.catalogue.articles.get(pair.product_id)
    is_strong = pair.lift >= limits.lift_least and pair.together >= max(limits.together_least, pair.owners * limits.share_least)
    has_since = purchases.moment.has_since
    is_open = (pair.because_on or dt.date.min) >= has_since > (pair.bought_on or dt.date.min)
    return (
        is_strong
        and is_open
        and pair.need >= limits.need_least
        and match is not None  # gone since it was learnt
        and match.kind != DEVICE
        and match.is_recommended_on(purchases.moment.today)
    )


def _freshness(purchases: CustomerPurchases, relation: Relation) -> tuple:
    return purchases.bought[relation.from_id].last_on, -relation.id


def _curated(relation: Relation, purchases: CustomerPurchases) -> Item:
    revenue, margin = purchases.catalogue.articles[relation.to_id].expected
    return Item(relation.to_id, {"because": relation.from_id, "relation": relation.id}, revenue, margin)


def _contract(contract: Contract, purchases: CustomerPurchases) -> Item:
    """Worth what he needs in a year where somebody said so, with what others leave of it; else a first order."""
    revenue, margin = purchases.catalogue.articles[contract.product_id].expected
    facts = {"supplier": contract.supplier, "ends_on": contract.ends_on.isoformat()}
    if contract.yearly_need is not None:
        share = margin / revenue if margin is not None and revenue else None
        revenue, margin = contract.yearly_need, None if share is None else cents(contract.yearly_need * share)
    return Item(contract.product_id, facts, revenue, margin, deadline_on=contract.ends_on)


def _learned(pair: Learned, purchases: CustomerPurchases) -> Item:
    revenue, margin = purchases.catalogue.articles[pair.product_id].expected
    facts = {"because": pair.because, "together": pair.together, "owners": pair.owners, "lift": plain(pair.lift)}
    return Item(pair.product_id, facts, revenue, margin)
