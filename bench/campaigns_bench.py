"""What campaigns and plans cost: the count of a target group while it is put together, freezing 50,000 customers, a filled plan.

The count is asked of the real server among 200,000 customers with the kept sums of ten million order lines, which it may not read;
its goal is a time, because somebody waits for it: processor time, since other work may run beside. The plan page is compared with
table50 of the same server.
"""

import resource
import statistics
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from bench import product
from bench.figures import Figure
from bench.product import progress

SETTINGS = "bench.settings"
CUSTOMERS, TARGETED = 200_000, 50_000
SECONDS_MOST, PLAN_MOST = 1.0, 4
_TURNS = 5
_IDEAS, _MEASURES, _RULES = 12, 12, 8


def measure(customers: int = CUSTOMERS) -> Iterator[Figure]:
    with product.installed(SETTINGS) as database:
        from bench import browser, desk, web

        company = _loaded(customers)
        manager = _manager()
        with web.serving(database, SETTINGS) as server:
            carla = browser.Person(server.port, desk.signed_in(manager))
            yield from _counts(server, carla, manager)
            yield web.against_table(server, web.Page("a filled plan", lambda: carla.get(_plan_path(manager)), PLAN_MOST))
        yield from _frozen(manager, min(TARGETED, company.customers // 4))


def _loaded(customers: int):
    """Customers with their kept sums, as fifty order lines each leave them. The lines themselves are not written: nothing reads them."""
    from django.db import connection, transaction
    from django.utils import timezone

    from bench.copying import copy_models
    from bench.volume.company import Company, write_people_and_goods
    from bench.volume.customers import customer
    from customers.models import Customer, CustomerFacts, PurchaseRhythm

    company, started = Company(customers, timezone.localdate(), 20), time.monotonic()
    with transaction.atomic():
        with connection.cursor() as cursor:  # the keys hold by construction
            cursor.execute("SET LOCAL session_replication_role = replica")
        write_people_and_goods(company)
        copy_models(Customer, (customer(company, pk) for pk in company.ids))
        copy_models(PurchaseRhythm, _rhythms(company))
        _copy_facts(CustomerFacts, company)
    product.manage("collectstatic", "--no-input")
    product.settle()
    rhythms = PurchaseRhythm.objects.for_system("measuring").count()
    progress(f"{customers:,} customers, {rhythms:,} kept purchases: {time.monotonic() - started:.0f} s")
    return company


def _rhythms(company) -> Iterator[dict[str, object]]:
    """Two to eight articles each, the last order some days ago."""
    import datetime as dt

    goods = [pk for kind in ("consumable", "accessory", "device") for pk, _price in company.products[kind]]
    for pk in company.ids:
        for article in company.rng.sample(goods, company.rng.randint(2, 8)):
            last_on = company.today - dt.timedelta(days=company.rng.randint(1, 900))
            yield {
                "customer_id": pk, "product_id": article, "first_on": last_on - dt.timedelta(days=400), "last_on": last_on, "order_days": 9,
                "recent_on": "[]", "median_gap_days": 45, "usual_quantity": 6, "last_quantity": 6, "usual_revenue": 120, "usual_margin": 48,
            }  # fmt: skip


def _copy_facts(model, company) -> None:
    """One row each; their key is the customer's, so they are copied by hand."""
    import datetime as dt

    from innendienst.lib.bulk import copy_rows

    names = [
        "customer_id", "revenue_12m", "margin_12m", "revenue_before", "margin_before", "orders_12m_count", "last_order_on",
        "last_contact_on", "open_complaints_count", "usual_revenue", "usual_margin", "abc_class", "recency_grade", "frequency_grade",
        "money_grade", "customer_value", "value_parts", "churn_band", "is_stated",
    ]  # fmt: skip
    rng, day = company.rng, lambda most: company.today - dt.timedelta(days=rng.randint(1, most))
    bands = ("in_rhythm", "due", "overdue", "lost", "")
    rows = (
        (pk, revenue := rng.randint(0, 40_000), revenue * 0.35, 9_000, 3_000, rng.randint(0, 40), day(900), day(365), 0, 240, 96,
         rng.choice("AABBC"), 3, 3, 3, rng.randint(1, 99), "{}", rng.choice(bands), False)
        for pk in company.ids
    )  # fmt: skip
    copy_rows(model._meta.db_table, names, rows)


def _manager():
    from accounts.models import Role, User

    return User.objects.create(username="carla", first_name="Carla", role=Role.MANAGER)


def _counts(server, carla, manager) -> Iterator[Figure]:
    """The middle of five answers to each filter: processor time of web and database, and how long the browser waited."""
    from customers.models import Product, ProductGroup

    campaign = _campaign(manager, "Zählen", {})
    group = ProductGroup.objects.order_by("pk").first().pk
    article = Product.objects.filter(kind="consumable").order_by("pk").first().sku
    filters = {
        "all customers": {},
        "class, region and revenue": {"abc": ["A", "B"], "region": "01-09, 30", "revenue_from": "500"},
        "bought of a group within 12 months": {"p0-how": "bought", "p0-group": group, "p0-months": "12"},
        "never bought an article": {"p0-how": "never", "p0-product": article},
        "not of a group since, and overdue": {"p0-how": "not_since", "p0-group": group, "p0-months": "6", "churn": ["overdue", "lost"]},
        "two purchases and an NPS group": {
            "p0-how": "bought", "p0-group": group, "p1-how": "never", "p1-product": article, "nps": ["promoter"],
        },
    }  # fmt: skip
    for name, values in filters.items():
        path = f"/campaigns/{campaign.pk}/target/count/?{urlencode(values, doseq=True)}"
        spent, waited = [], []
        for _turn in range(_TURNS):
            started = time.monotonic()
            spent.append(server.cost(lambda path=path: carla.get(path), 1))
            waited.append(time.monotonic() - started)
        yield Figure(f"count: {name}", statistics.median(spent), None, None, SECONDS_MOST, "s")
        progress(f"waited {statistics.median(waited):.2f} s")


def _campaign(manager, name: str, criteria: dict):
    import datetime as dt
    from decimal import Decimal

    from django.utils import timezone

    from campaigns.special import acts
    from campaigns.special.models import Campaign

    today = timezone.localdate()
    campaign = Campaign(
        name=name, starts_on=today, ends_on=today + dt.timedelta(days=30), call_text="bis Monatsende günstiger", criteria=criteria,
        control_share=Decimal("0.1"),
    )  # fmt: skip
    return acts.make(actor=manager, campaign=campaign)


def _frozen(manager, wanted: int) -> list[Figure]:
    """From the approval to the last suggestion: gate, exclusions, control group, and the reasons on the call lists."""
    from campaigns.models import Opportunity
    from campaigns.special import acts
    from customers.segments import all_customers, find
    from innendienst.base import jobs

    criteria = {"region": _region_of(wanted)}
    from django.utils import timezone

    found = find(all_customers(), criteria, timezone.localdate()).count()
    campaign = _campaign(manager, "Große Aktion", criteria)
    acts.submit(actor=manager, campaign=campaign)
    acts.approve(actor=manager, campaign=campaign)
    started = time.monotonic()
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)
    seconds = time.monotonic() - started
    campaign.refresh_from_db()
    counts = campaign.counts
    if sum(count for name, count in counts.items() if name != "found") != counts["found"] or counts["found"] != found:
        raise RuntimeError(f"the numbers do not add up: {counts}, found {found}")
    progress(f"frozen: {counts}")
    made = Opportunity.objects.for_system("measuring").filter(campaign=campaign).count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(f"approve {found:,} customers, {made:,} reasons", seconds, None, None, None, "s"),
        Figure("the same: memory at most, loading included", peak, None, None, None, "MiB"),
    ]


def _region_of(wanted: int) -> str:
    """Postcodes that together have so many customers."""
    from django.db.models import Count

    from customers.models import Customer

    chosen, total = [], 0
    rows = Customer.objects.for_system("measuring").order_by("postcode").values_list("postcode").annotate(count=Count("pk"))
    for postcode, count in rows:
        if total >= wanted:
            break
        chosen.append(postcode)
        total += count
    return ", ".join(chosen)


def _plan_path(manager) -> str:
    """A plan of this quarter as it looks in the middle of it; made once."""
    from django.urls import reverse

    from campaigns.plans.models import SalesPlan

    plan = SalesPlan.objects.first() or _plan(manager)
    return reverse("plans:detail", args=["sales", plan.pk])


def _plan(manager):
    import datetime as dt

    from django.utils import timezone

    from campaigns.plans.models import SalesPlan
    from innendienst.lib.planning import cells
    from innendienst.workplace.plans import acts
    from innendienst.workplace.plans.kinds import KINDS

    kind, today = KINDS["sales"], timezone.localdate()
    plan = acts.make(actor=manager, kind=kind, document=SalesPlan(starts_on=today, ends_on=today + dt.timedelta(days=90)))
    idea = {"possibility": "cross_sell", "idea": "Zubehör zu jeder Maschine anbieten", "effort": "4", "priority": "A", "decision": "do"}
    planned = {
        "measure": "Wartung nachfassen", "possibility": "after_sales", "channel": "phone", "owner": str(manager.pk),
        "starts_on": today.isoformat(), "ends_on": plan.ends_on.isoformat(), "budget": "500.00", "goal_contacts": "40",
        "goal_orders": "8", "goal_revenue": "12000.00", "goal_margin": "4000.00", "next_step": "Liste durchgehen",
    }  # fmt: skip
    rule = {"situation": "Messe", "speaker": "field_sales", "days": "5"}
    rows = {"B": (_IDEAS, idea), "C": (_MEASURES, planned), "D": (_RULES - plan.rows.filter(section="D").count(), rule)}
    for key, (count, values) in rows.items():
        for _index in range(count):
            cells.add_row(plan, kind.template.section(key), values, by=manager)
    acts.refresh(actor=manager, kind=kind, document=plan)
    return plan
