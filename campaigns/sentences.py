"""The sentence of each kind of reason about one of its articles. They speak about the customer, for the rep.

Each is made from the item's facts alone (campaigns/reasons/ says what they hold), with the names of the goods.
"""

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from campaigns.goods import Goods
from campaigns.models import Kind, Opportunity, OpportunityItem
from campaigns.special.words import condition_text
from customers.models import Product
from customers.segment_words import words as segment_words
from innendienst.lib import display
from innendienst.lib.dates import DAYS_PER_MONTH

RHYTHM_IN_DAYS_MOST = 120


def rhythm_text(gap_days: Decimal | str) -> str:
    """ "etwa alle 30 Tage"; in months beyond 120 days."""
    days = int(Decimal(gap_days).to_integral_value(rounding=ROUND_HALF_UP))
    if days <= RHYTHM_IN_DAYS_MOST:
        return ngettext("about every day", "about every %(count)s days", days) % {"count": days}
    months = round(days / DAYS_PER_MONTH)
    return ngettext("about every month", "about every %(count)s months", months) % {"count": months}


def about_customer(opportunity: Opportunity, today: dt.date) -> SafeString | None:
    """The sentence of a reason that is about the customer, not about an article; None for the others."""
    facts = opportunity.facts
    match facts.get("why"):
        case "campaign":
            return _campaign(facts)
        case "silent":
            return format_html(
                _("Last order {ago}, before that {rhythm}."), ago=_ago(facts["last_on"], today), rhythm=rhythm_text(facts["gap_days"])
            )
        case "no_second":
            return format_html(_("First order on {day}, no second one since."), day=_date(facts["first_on"]))
        case "falling":
            now, before = (display.euros(Decimal(facts[key])) for key in ("revenue", "before"))
            return format_html(_("Revenue of 12 months {now} instead of {before}."), now=now, before=before)
    return None


def _campaign(facts: dict) -> SafeString:
    values = {"name": facts["name"], "until": _date(facts["until"])}
    offer = format_html(": {}", condition_text(facts["offer"])) if "offer" in facts else ""
    sentence = format_html("{}{}.", format_html(_("“{name}” until {until}"), **values), offer)
    if not facts["criteria"]:
        return sentence
    because = format_html(_("In the target group: {criteria}."), criteria="; ".join(segment_words(facts["criteria"])))
    return format_html("{} {}", sentence, because)


def _reorder(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts, product = item.facts, goods.products[item.product_id]
    if "group" in facts:
        return _group(item, goods, today)
    regular = format_html(
        _("Buys {product} {rhythm}, last {ago}, usually {quantity}."),
        product=_name(product),
        rhythm=rhythm_text(facts["gap_days"]),
        ago=_ago(facts["last_on"], today),
        quantity=display.quantity(facts["quantity"], product.unit),
    )
    if "last_quantity" not in facts:
        return regular
    falling = format_html(
        _("Order quantity of {product} is falling: {last} last time instead of usually {usual}."),
        product=_name(product),
        last=display.quantity(facts["last_quantity"]),
        usual=display.quantity(facts["quantity"], product.unit),
    )
    return falling if facts.get("is_falling_only") else format_html("{} {}", regular, falling)


def _group(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    product = goods.products[item.product_id]
    return format_html(
        _("Buys from {group} {rhythm}, changing articles, last {ago}: {product}."),
        group=product.group.name if product.group else "",
        rhythm=rhythm_text(item.facts["gap_days"]),
        ago=_ago(item.facts["last_on"], today),
        product=_name(product),
    )


def _cross_sell(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts = item.facts
    if "supplier" in facts:
        return _contract_elsewhere(item, goods)
    names = {"product": _name(goods.products[facts["because"]]), "match": _name(goods.products[item.product_id])}
    if "together" in facts:
        counts = {"together": display.number(facts["together"]), "owners": display.number(facts["owners"])}
        return format_html(_("{together} of {owners} customers with {product} also buy {match}."), **counts, **names)
    if argument := goods.argument_of(item):
        return format_html(_("Has {product}, does not buy {match} from us; goes with it: {argument}."), argument=argument, **names)
    return format_html(_("Has {product}, does not buy {match} from us."), **names)


def _contract_elsewhere(item: OpportunityItem, goods: Goods) -> SafeString:
    facts, product = item.facts, goods.products[item.product_id]
    values = {"group": product.group.name if product.group else product.name, "day": _date(facts["ends_on"])}
    if facts["supplier"]:
        return format_html(_("Contract with {supplier} for {group} ends on {day}."), supplier=facts["supplier"], **values)
    return format_html(_("Contract with another supplier for {group} ends on {day}."), **values)


def _after_sales(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts, service = item.facts, _name(goods.products[item.product_id])
    product = _name(goods.products[facts["because"]]) if "because" in facts else None
    if "delivered_on" in facts:
        day = _date(facts["delivered_on"])
        return format_html(_("{product} delivered on {day}, no {service} yet."), product=product, day=day, service=service)
    if "warranty_until" in facts:
        day = _date(facts["warranty_until"])
        return format_html(_("Warranty of {product} ends on {day}, no {service} yet."), product=product, day=day, service=service)
    day = _date(facts["ends_on"])
    if product is None:
        return format_html(_("{contract} ends on {day}."), contract=service, day=day)
    return format_html(_("{contract} for {product} ends on {day}."), contract=service, product=product, day=day)


def _up_sell(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts, product = item.facts, goods.products[item.product_id]
    if "step" in facts:
        return format_html(
            _("Usually orders {quantity} of {product}; from {step} on the price is {price}."),
            quantity=display.quantity(facts["quantity"], product.unit),
            product=_name(product),
            step=display.quantity(facts["step"], product.unit),
            price=display.euros(Decimal(facts["price"]), decimals=2),
        )
    names = {"product": _name(goods.products[facts["because"]]), "successor": _name(product)}
    since = display.since(dt.date.fromisoformat(facts["since"]), today)
    if argument := goods.argument_of(item):
        return format_html(_("Has used {product} {since}; successor {successor}: {argument}."), since=since, argument=argument, **names)
    return format_html(_("Has used {product} {since}; successor {successor}."), since=since, **names)


def _last_call(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts, product = item.facts, goods.products[item.product_id]
    return format_html(
        _(
            "{product} ends, to be ordered until {day}. Bought {count} times in 12 months, usually {quantity}; {stock} in stock. "
            "Enough for a year: {proposed}."
        ),
        product=_name(product),
        day=_date(facts["until"]),
        count=display.number(facts["count"]),
        quantity=display.quantity(facts["quantity"], product.unit),
        stock=display.quantity(facts["stock"], product.unit),
        proposed=display.quantity(facts["proposed"], product.unit),
    )


def _win_back(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts, product = item.facts, goods.products[item.product_id]
    texts = {
        "product": _name(product),
        "ago": _ago(facts["last_on"], today),
        "quantity": display.quantity(facts["quantity"], product.unit),
    }
    if "gap_days" in facts:
        return format_html(_("Bought {product} {rhythm}, last {ago}, usually {quantity}."), rhythm=rhythm_text(facts["gap_days"]), **texts)
    return format_html(_("Bought {product}, last {ago}, usually {quantity}."), **texts)


def _satisfaction(item: OpportunityItem, goods: Goods, today: dt.date) -> SafeString:
    facts, product = item.facts, _name(goods.products[item.product_id])
    if "won_on" in facts:
        return format_html(_("{product} won on {day}: ask whether all is well."), product=product, day=_date(facts["won_on"]))
    return format_html(_("{product} delivered on {day}: ask whether all is well."), product=product, day=_date(facts["delivered_on"]))


SENTENCES: dict[str, Callable[[OpportunityItem, Goods, dt.date], SafeString]] = {
    Kind.LAST_CALL: _last_call,
    Kind.REORDER: _reorder,
    Kind.AFTER_SALES: _after_sales,
    Kind.UP_SELL: _up_sell,
    Kind.CROSS_SELL: _cross_sell,
    Kind.WIN_BACK: _win_back,
    Kind.SATISFACTION: _satisfaction,
}


def _ago(day: str, today: dt.date) -> str:
    return display.ago(dt.date.fromisoformat(day), today)


def _date(day: str) -> str:
    return display.date(dt.date.fromisoformat(day))


def _name(product: Product) -> SafeString:
    return format_html("<strong>{}</strong>", product.name)
