"""What campaigns and plans cost: the count of a target group while it is put together, freezing 50,000 customers, a filled plan.

The count is asked of the real server among 200,000 customers with ten million order lines; its goal is a time, because somebody
waits for it. The plan page is compared with table50 of the same server.
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
LINES_PER_CUSTOMER = 70
"""Wished; whoever orders seldom has fewer, so that there are fifty each."""
SECONDS_MOST, PLAN_MOST = 1.0, 4
_RANGE = 2_000
_TURNS = 5
_IDEAS, _MEASURES, _RULES = 12, 12, 8


def measure(customers: int = CUSTOMERS) -> Iterator[Figure]:
    with product.installed(SETTINGS) as database:
        from bench import browser, desk, volume, web

        company = _loaded(volume, customers)
        manager = _manager()
        with web.serving(database, SETTINGS) as server:
            carla = browser.Person(server.port, desk.signed_in(manager))
            yield from _counts(carla, manager)
            yield web.against_table(server, web.Page("a filled plan", lambda: carla.get(_plan_path(manager)), PLAN_MOST))
        yield from _frozen(manager, min(TARGETED, company.customers // 4))


def _loaded(volume, customers: int):
    """The company with its kept sums; reasons to call are none of a campaign's matter."""
    from django.db import transaction
    from django.utils import timezone

    from customers import facts, purchases, scores

    today = timezone.localdate()
    started = time.monotonic()
    company = volume.fill(customers, LINES_PER_CUSTOMER, today)
    product.settle()
    progress(f"{customers:,} customers with their orders written: {time.monotonic() - started:.0f} s")
    started = time.monotonic()
    ranges = [range(start, min(start + _RANGE, customers + 1)) for start in range(1, customers + 1, _RANGE)]
    for ids in ranges:
        with transaction.atomic():
            purchases.refresh(list(ids), today)
            facts.refresh(list(ids), today)
    facts.refresh_abc()
    scores.refresh_scales(today)
    for ids in ranges:
        scores.refresh(list(ids), today, today)
    product.manage("collectstatic", "--no-input")
    product.settle()
    progress(f"kept sums: {time.monotonic() - started:.0f} s")
    return company


def _manager():
    from accounts.models import Role, User

    return User.objects.create(username="carla", first_name="Carla", role=Role.MANAGER)


def _counts(carla, manager) -> Iterator[Figure]:
    """The middle of five answers to each filter, as the browser waits for them."""
    from customers.models import OrderLine, Product, ProductGroup

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
    lines = OrderLine.objects.for_system("measuring").count()
    progress(f"{lines:,} order lines")
    for name, values in filters.items():
        path = f"/campaigns/{campaign.pk}/target/count/?{urlencode(values, doseq=True)}"
        times = []
        for _turn in range(_TURNS):
            started = time.monotonic()
            carla.get(path)
            times.append(time.monotonic() - started)
        yield Figure(f"count: {name}", statistics.median(times), None, None, SECONDS_MOST, "s")


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
