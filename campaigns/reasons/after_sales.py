"""After-sales: what serves a device that the customer got lately, and what takes over when warranty or contract end.

Source: domain guide 2.1. A relation of the kind "service" says what serves an article.
"""

import datetime as dt
from collections.abc import Iterator

from campaigns.reasons.basis import SERVICE, Article, CustomerPurchases, Relation
from campaigns.reasons.deliveries import delivered, standing
from campaigns.reasons.suggestions import Item, Suggestion
from innendienst.lib.dates import add_months

KIND = "after_sales"


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every service that is lacking or comes to its end; the soonest end is named where there are several."""
    best: dict[int, Item] = {}
    for item in _found(purchases):
        known = best.get(item.product_id)
        if known is None or _soon(item) < _soon(known):
            best[item.product_id] = item
    return [Suggestion(KIND, list(best.values()))] if best else []


def is_served(purchases: CustomerPurchases, service: Article) -> bool:
    """Whether he has the service: its term still runs, or without a term he bought it within the time that counts as having."""
    if service.id not in purchases.bought:
        return False
    if service.term_months is None:
        return purchases.has(service.id)
    ends_on = contract_end(purchases, service)
    return ends_on is not None and ends_on >= purchases.moment.today


def contract_end(purchases: CustomerPurchases, contract: Article) -> dt.date | None:
    """The day on which the contract bought last ends; None without one that stands."""
    bought = standing(purchases.days.get(contract.id, ()))
    return add_months(bought[-1].on, contract.term_months) if bought and contract.term_months else None


def is_fresh(purchases: CustomerPurchases, relation: Relation) -> bool:
    """Whether the article came so lately that its service is a matter of after-sales, not of cross-selling."""
    _least, most = purchases.moment.limits.delivered_days
    days = standing(purchases.days.get(relation.from_id, ()))
    return bool(days) and (purchases.moment.today - days[-1].on).days <= most


def _found(purchases: CustomerPurchases) -> Iterator[Item]:
    for product_id in purchases.bought:
        article = purchases.catalogue.articles[product_id]
        for relation in purchases.catalogue.led_to(product_id, SERVICE):
            service = purchases.catalogue.articles[relation.to_id]
            if service.is_recommended_on(purchases.moment.today) and not is_served(purchases, service):
                yield from _unserved(purchases, article, relation, service)
        if article.term_months and article.is_recommended_on(purchases.moment.today):
            yield from _ending(purchases, article)


def _unserved(purchases: CustomerPurchases, article: Article, relation: Relation, service: Article) -> Iterator[Item]:
    """The service for an article that came lately or whose warranty ends."""
    today, limits = purchases.moment.today, purchases.moment.limits
    least, most = limits.delivered_days
    arrived = delivered(purchases.days.get(article.id, ()))
    revenue, margin = service.expected
    because = {"because": article.id, "relation": relation.id}
    lately = [day.on for day in arrived if least <= (today - day.on).days <= most]
    if lately:
        yield Item(service.id, {**because, "delivered_on": lately[-1].isoformat()}, revenue, margin)
        return
    if article.warranty_months:
        ends = [add_months(day.on, article.warranty_months) for day in arrived]
        soon = [on for on in ends if 0 <= (on - today).days <= limits.ends_within_days]
        if soon:
            yield Item(service.id, {**because, "warranty_until": soon[0].isoformat()}, revenue, margin, deadline_on=soon[0])


def _ending(purchases: CustomerPurchases, contract: Article) -> Iterator[Item]:
    """The contract itself, once more: worth what it cost him the last times."""
    ends_on = contract_end(purchases, contract)
    if ends_on and 0 <= (ends_on - purchases.moment.today).days <= purchases.moment.limits.ends_within_days:
        bought, facts = purchases.bought[contract.id], {"ends_on": ends_on.isoformat()}
        if (served := _served_article(purchases, contract)) is not None:
            facts = {**facts, "because": served}
        yield Item(contract.id, facts, bought.usual_revenue, bought.usual_margin, deadline_on=ends_on)


def _served_article(purchases: CustomerPurchases, contract: Article) -> int | None:
    """The article the contract is for, where he has exactly one that it can be for."""
    served = [
        product_id
        for product_id in purchases.bought
        for relation in purchases.catalogue.led_to(product_id, SERVICE)
        if relation.to_id == contract.id and standing(purchases.days.get(product_id, ()))
    ]
    return served[0] if len(served) == 1 else None


def _soon(item: Item) -> dt.date:
    return item.deadline_on or dt.date.max
