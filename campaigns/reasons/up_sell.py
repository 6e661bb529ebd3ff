"""Up-selling: the successor of what is long in use, and the next price step that the usual quantity almost reaches.

Source: domain guide 2.1.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from campaigns.reasons.basis import DEVICE, SUCCESSOR, Article, Bought, CustomerPurchases, Relation, Step
from campaigns.reasons.deliveries import standing
from campaigns.reasons.reorder import plain
from campaigns.reasons.suggestions import Item, Suggestion
from customers.bands import Band, band
from innendienst.lib.dates import add_months

KIND = "up_sell"
STEP_WITHIN = Decimal("1.1")
_CENT = Decimal("0.01")


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every successor and every price step; a successor also leads to by two articles stands once."""
    items = {item.product_id: item for item in (*_price_steps(purchases), *_successors(purchases))}
    return [Suggestion(KIND, list(items.values()))] if items else []


def next_step(usual_quantity: Decimal, steps: tuple[Step, ...]) -> Step | None:
    """The step that is above the usual quantity by at most a tenth; None where the next one is farther away or there is none."""
    above = next((step for step in steps if step.from_quantity > usual_quantity), None)
    return above if above is not None and above.from_quantity <= usual_quantity * STEP_WITHIN else None


def _successors(purchases: CustomerPurchases) -> Iterator[Item]:
    today = purchases.moment.today
    for product_id, bought in purchases.bought.items():
        for relation in purchases.catalogue.led_to(product_id, SUCCESSOR):
            successor = purchases.catalogue.articles[relation.to_id]
            if successor.is_recommended_on(today) and not purchases.has(successor.id) and _is_long_in_use(bought, purchases):
                yield _successor(bought, relation, successor)


def _is_long_in_use(bought: Bought, purchases: CustomerPurchases) -> bool:
    """Bought long enough ago and still there: a device until it is worn out, other goods as long as he buys them."""
    today, limits = purchases.moment.today, purchases.moment.limits
    if bought.first_on > add_months(today, -limits.up_sell_months):
        return False
    if purchases.catalogue.articles[bought.product_id].kind != DEVICE:
        return purchases.has(bought.product_id)
    is_left = bool(standing(purchases.days.get(bought.product_id, ())))
    return is_left and bought.last_on >= add_months(today, -limits.device_months_most)


def _successor(bought: Bought, relation: Relation, successor: Article) -> Item:
    revenue, margin = successor.expected
    return Item(
        successor.id, {"because": bought.product_id, "relation": relation.id, "since": bought.first_on.isoformat()}, revenue, margin
    )


def _price_steps(purchases: CustomerPurchases) -> Iterator[Item]:
    for bought in purchases.bought.values():
        article = purchases.catalogue.articles[bought.product_id]
        if not article.steps or not article.is_recommended_on(purchases.moment.today):
            continue
        is_buying = band(bought.last_on, bought.median_gap_days, purchases.moment.data_on) not in {None, Band.LOST}
        step = next_step(bought.usual_quantity, article.steps)
        if is_buying and step is not None and (item := _step(bought, article, step)) is not None:
            yield item


def _step(bought: Bought, article: Article, step: Step) -> Item | None:
    """What the larger order brings more than the usual one; None where it would bring less."""
    revenue = (step.from_quantity * step.price - bought.usual_revenue).quantize(_CENT, rounding=ROUND_HALF_UP)
    margin = None
    if article.cost is not None and bought.usual_margin is not None:
        margin = (step.from_quantity * (step.price - article.cost) - bought.usual_margin).quantize(_CENT, rounding=ROUND_HALF_UP)
    if (revenue if margin is None else margin) <= 0:
        return None
    facts = {"quantity": plain(bought.usual_quantity), "step": plain(step.from_quantity), "price": plain(step.price)}
    return Item(article.id, facts, max(revenue, Decimal(0)), margin)
