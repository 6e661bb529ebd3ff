"""Every sentence a rep may say is true: five hundred random ones, of all kinds, are made anew from the raw order lines.

The lines are those of the demo company. What is expected is counted here by a few lines of plain Python that know none of our
rules; only the way of writing numbers and days is the product's own.
"""

import datetime as dt
import random
import re
from collections import Counter, defaultdict
from decimal import Decimal
from html import unescape
from itertools import pairwise
from statistics import median, median_low

import pytest
from django.core.management import call_command
from django.utils import translation

from campaigns import evidence
from campaigns.learning import learn
from campaigns.models import Kind, Opportunity, OpportunityItem
from customers.models import Need, OrderLine, Product, ProductRelation
from innendienst.demo.load import load
from innendienst.lib import display
from innendienst.lib.dates import add_months

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = dt.date(2026, 11, 23)
SENTENCES_COUNT = 500
_DAYS_PER_MONTH = 365.2425 / 12


class Lines:
    """What was bought, straight from the order lines: customer → product → day → (quantity, delivered, revenue)."""

    def __init__(self) -> None:
        self.days = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])))
        self.orders = defaultdict(set)
        self.revenue = defaultdict(lambda: defaultdict(Decimal))
        self.last_on = dt.date.min
        columns = ("customer_id", "product_id", "ordered_on", "quantity", "revenue_net", "status")
        for customer, product, day, quantity, revenue, status in OrderLine.objects.for_system("test").values_list(*columns):
            if status == "cancelled":
                continue
            counted = self.days[customer][product][day]
            counted[0] += Decimal(0) if status == "credit" and quantity > 0 else quantity
            counted[1] += quantity if status == "delivered" and quantity > 0 else 0
            counted[2] += revenue
            self.revenue[customer][day] += revenue
            if status in {"open", "delivered"} and quantity > 0:
                self.orders[customer].add(day)
                self.last_on = max(self.last_on, day)

    def bought_on(self, customer: int, product: int) -> list[dt.date]:
        return sorted(day for day, (quantity, *_rest) in self.days[customer][product].items() if quantity > 0)

    def recent(self, customer: int, product: int) -> list[dt.date]:
        """The last nine order days, those of the last two years where there are any."""
        days, since = self.bought_on(customer, product), add_months(TODAY, -24)
        return ([day for day in days if day >= since] or days)[-9:]

    def usual(self, customer: int, product: int) -> Decimal:
        return median_low([self.days[customer][product][day][0] for day in self.recent(customer, product)])

    def owners(self, product: int) -> set[int]:
        """Customers who ever paid for it."""
        return {
            customer
            for customer, products in self.days.items()
            if any(quantity > 0 and revenue > 0 for quantity, _delivered, revenue in products.get(product, {}).values())
        }


def gap_text(days: list[dt.date]) -> str:
    gap = int(median([(later - earlier).days for earlier, later in pairwise(days)]) + 0.5)
    if gap > 120:
        return f"etwa alle {round(gap / _DAYS_PER_MONTH)} Monate"
    return "etwa jeden Tag" if gap == 1 else f"etwa alle {gap} Tage"


def expected(opportunity: Opportunity, item: OpportunityItem, lines: Lines) -> str:
    """What the sentence must say, counted from the lines."""
    customer, product, facts = opportunity.customer_id, item.product, item.facts
    days = lines.bought_on(customer, product.pk)
    unit = product.unit

    def amount(quantity: Decimal) -> str:
        return display.quantity(quantity, unit)

    def ago(day: dt.date) -> str:
        return display.ago(day, TODAY)

    match opportunity.kind:
        case Kind.REORDER if "group" in facts:
            group = Product.objects.filter(group=product.group, not_offered=False).values_list("pk", flat=True)
            since = add_months(TODAY, -24)
            several = sorted({day for pk in group for day in lines.bought_on(customer, pk) if day >= since})
            assert several[-1] == days[-1]
            return f"Kauft aus {product.group.name} {gap_text(several[-9:])} wechselnde Artikel, zuletzt {ago(days[-1])} {product.name}."
        case Kind.REORDER:
            recent, usual = lines.recent(customer, product.pk), lines.usual(customer, product.pk)
            last = lines.days[customer][product.pk][recent[-1]][0]
            regular = f"Kauft {product.name} {gap_text(recent)}, zuletzt {ago(recent[-1])}, meist {amount(usual)}."
            falling = f"Bestellmenge {product.name} sinkt: zuletzt {display.quantity(last)} statt meist {amount(usual)}."
            gap = median([(later - earlier).days for earlier, later in pairwise(recent)])
            if (lines.last_on - recent[-1]).days < gap:
                assert last < usual * Decimal("0.7")
                return falling
            return f"{regular} {falling}" if last < usual * Decimal("0.7") else regular
        case Kind.LAST_CALL:
            since = add_months(lines.last_on, -12)
            lately = [day for day in days if day > since]
            net = sum((quantity for day, (quantity, *_rest) in lines.days[customer][product.pk].items() if day > since), Decimal(0))
            assert len(lately) >= 2
            assert product.last_order_on >= TODAY
            return (
                f"{product.name} läuft aus, bestellbar bis {display.date(product.last_order_on)}. In 12 Monaten {len(lately)}-mal gekauft, "
                f"meist {amount(lines.usual(customer, product.pk))}; am Lager {amount(product.stock)}. "
                f"Vorschlag für ein Jahr: {amount(min(net, product.stock))}."
            )
        case Kind.CROSS_SELL if "ends_on" in facts:
            told = Need.objects.for_system("test").get(customer=customer, group=product.group, contract_until=facts["ends_on"])
            assert TODAY <= told.contract_until <= TODAY + dt.timedelta(days=60)
            return f"Vertrag mit {told.supplier or 'einem anderen Lieferanten'} für {product.group.name} endet am {display.date(told.contract_until)}."
        case Kind.CROSS_SELL:
            because = Product.objects.get(pk=facts["because"])
            two_years = add_months(TODAY, -24)
            assert lines.bought_on(customer, because.pk)[-1] >= two_years
            if "together" in facts:
                assert not days or days[-1] < two_years
                owners = lines.owners(because.pk)
                both = owners & lines.owners(product.pk)
                return f"{len(both)} von {len(owners)} Kunden mit {because.name} kaufen auch {product.name}."
            assert not days or days[-1] < two_years or product.term_months
            argument = ProductRelation.objects.get(from_product=because, to_product=product, kind__in=["accessory", "service"]).argument
            return f"Hat {because.name}, kauft {product.name} nicht bei uns; passt dazu: {argument}."
        case Kind.UP_SELL if "step" in facts:
            usual = lines.usual(customer, product.pk)
            step = next(step for step in product.price_steps.order_by("from_quantity") if step.from_quantity > usual)
            assert step.from_quantity <= usual * Decimal("1.1")
            return f"Bestellt meist {amount(usual)} {product.name}; ab {amount(step.from_quantity)} gilt {display.euros(step.price, 2)}."
        case Kind.UP_SELL:
            because = Product.objects.get(pk=facts["because"])
            first_on = lines.bought_on(customer, because.pk)[0]
            assert first_on <= add_months(TODAY, -24)
            argument = ProductRelation.objects.get(from_product=because, to_product=product, kind="successor").argument
            return f"Setzt {because.name} {display.since(first_on, TODAY)} ein; Nachfolger {product.name}: {argument}."
        case Kind.AFTER_SALES if "ends_on" in facts:
            ends_on = display.date(add_months(days[-1], product.term_months))
            served = f" für {Product.objects.get(pk=facts['because']).name}" if "because" in facts else ""
            return f"{product.name}{served} endet am {ends_on}."
        case Kind.AFTER_SALES:
            device = Product.objects.get(pk=facts["because"])
            arrived = [day for day, (_quantity, delivered, _revenue) in lines.days[customer][device.pk].items() if delivered > 0]
            assert not days or (product.term_months and add_months(days[-1], product.term_months) < TODAY)
            if "delivered_on" in facts:
                on = max(day for day in arrived if 14 <= (TODAY - day).days <= 60)
                return f"{device.name} am {display.date(on)} geliefert, noch kein {product.name}."
            ends = sorted(add_months(day, device.warranty_months) for day in arrived)
            on = next(day for day in ends if 0 <= (day - TODAY).days <= 60)
            return f"Garantie für {device.name} endet am {display.date(on)}, noch kein {product.name}."
        case Kind.WIN_BACK:
            recent, usual = lines.recent(customer, product.pk), lines.usual(customer, product.pk)
            rhythm = f" {gap_text(recent)}" if "gap_days" in facts else ""
            return f"Kaufte {product.name}{rhythm}, zuletzt {ago(recent[-1])}, meist {amount(usual)}."
        case Kind.SATISFACTION:
            arrived = [day for day, (_quantity, delivered, _revenue) in lines.days[customer][product.pk].items() if delivered > 0]
            on = max(day for day in arrived if (TODAY - day).days >= 14)
            assert (TODAY - on).days <= 60
            return f"{product.name} am {display.date(on)} geliefert: nachfragen, ob alles passt."
    raise AssertionError(opportunity.kind)


def expected_of_customer(opportunity: Opportunity, lines: Lines) -> str:
    orders = sorted(lines.orders[opportunity.customer_id])
    match opportunity.facts["why"]:
        case "silent":
            lately = [day for day in orders if day >= add_months(orders[-1], -24)][-9:]
            return f"Letzte Bestellung {display.ago(orders[-1], TODAY)}, vorher {gap_text(lately)}."
        case "no_second":
            assert len(orders) == 1
            return f"Erste Bestellung am {display.date(orders[0])}, seither keine zweite."
        case _:
            year, two = TODAY - dt.timedelta(days=365), TODAY - dt.timedelta(days=730)
            days = lines.revenue[opportunity.customer_id].items()
            now = sum((revenue for day, revenue in days if day >= year), Decimal(0))
            before = sum((revenue for day, revenue in days if two <= day < year), Decimal(0))
            assert now < before * Decimal("0.6")
            return f"Umsatz 12 Monate {display.euros(now)} statt {display.euros(before)}."


def plain(sentence: str) -> str:
    return unescape(re.sub(r"</?strong>", "", sentence))


@pytest.mark.timeout(600)
def test_five_hundred_sentences_of_all_kinds_are_true():
    load(700, today=TODAY)
    learn(TODAY)
    call_command("recompute", "--as-of", str(TODAY), verbosity=0)
    lines, kinds = Lines(), Counter()
    items = list(OpportunityItem.objects.filter(opportunity__state="suggested").select_related("opportunity", "product__group"))
    by_kind = defaultdict(list)
    for item in random.Random(500).sample(items, len(items)):
        by_kind[item.opportunity.kind].append(item)
    chosen = [item for several in by_kind.values() for item in several[:15]]
    chosen += [item for item in items if item not in chosen][: SENTENCES_COUNT - len(chosen)]
    with translation.override("de"):
        for item in chosen:
            opportunity = item.opportunity
            told = evidence.item_sentences(opportunity, TODAY)[item.position - 1]
            assert plain(told) == expected(opportunity, item, lines), (opportunity.kind, item.facts)
            kinds[opportunity.kind] += 1
            if opportunity.kind == Kind.WIN_BACK:
                assert plain(evidence.sentence(opportunity, TODAY)) == expected_of_customer(opportunity, lines)
    assert set(kinds) == {kind for kind in Kind.values if kind != Kind.CAMPAIGN}
    assert sum(kinds.values()) == SENTENCES_COUNT
