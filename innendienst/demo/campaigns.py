"""Special campaigns of the invented company: one that runs, with talks and orders, and one that waits for its approval.

Played after the first recompute, since target groups are found in kept sums; by the same acts as on the pages.
"""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from campaigns import acts as opportunities
from campaigns.models import Opportunity
from campaigns.special import acts, results, running, target
from campaigns.special.models import Campaign, OfferCondition
from customers.models import Product, ProductGroup, Segment
from innendienst.demo.staff import DEFAULT_SIGN_IN
from innendienst.lib.dates import add_working_days

_WHY = "the demo's own customers"
_SINCE_DAYS, _FOR_DAYS = 20, 30
_SEED = 7
"""The control group is the same in every demo, so that its result is."""
_BUDGET, _COSTS = Decimal(1500), Decimal(380)
_ANSWERED_MOST = 48
"""Customers of the running campaign somebody has talked with."""
_ANSWERS = ("contact", "interest", "lose", "win", "contact", "lose", "interest", "contact")
_LOST = ("no_need", "price", "timing", "competitor")
_AMOUNTS = (Decimal(420), Decimal(765), Decimal(310), Decimal(1180))


def play_campaigns(today: dt.date) -> Campaign | None:
    """The running campaign; None where the people who make one are missing. Played once."""
    people = {user.username: user for user in User.objects.filter(username__in=["nora.zimmermann", "carla.sommer", DEFAULT_SIGN_IN])}
    if len(people) < 3 or Campaign.objects.exists():
        return None
    nora, carla = people["nora.zimmermann"], people["carla.sommer"]
    _save_filters(nora)
    campaign = _running(nora, carla, today)
    _talk(campaign)
    acts.note_costs(actor=nora, campaign=campaign, costs=_COSTS)
    campaign.refresh_from_db()
    results.evaluate(campaign, today)
    _waiting(nora, today)
    return campaign


def _save_filters(nora: User) -> None:
    for name, criteria in (
        ("A-Kunden in Sachsen", {"abc": ["A"], "region": "01-04, 08, 09"}),
        ("Überfällige mit Umsatz", {"churn": ["overdue", "lost"], "revenue_from": "2000"}),
    ):
        Segment.objects.create(name=name, criteria=criteria, made_by=nora)


def _running(nora: User, carla: User, today: dt.date) -> Campaign:
    group = ProductGroup.objects.get(name="Desinfektion und Handhygiene")
    starts_on = today - dt.timedelta(days=_SINCE_DAYS)
    ends_on = starts_on + dt.timedelta(days=_FOR_DAYS)
    until = f"{ends_on:%d.%m.%Y}"
    campaign = acts.make(
        actor=nora,
        campaign=Campaign(
            name="Hygiene-Wochen", starts_on=starts_on, ends_on=ends_on, budget=_BUDGET,
            aim="Kunden, die Reinigungsmittel bei uns kaufen, auch für Desinfektion und Handhygiene gewinnen.",
            call_text=f"bis {until} gibt es auf Desinfektion und Handhygiene 8 % Nachlass",
            letter_text=f"die kalte Jahreszeit verlangt saubere Hände. Bis {until} erhalten Sie auf unser Programm für Desinfektion und "
            "Handhygiene 8 % Nachlass. Ihre Ansprechpartnerin im Innendienst berät Sie gern.",
            mail_subject="Hygiene-Wochen mit 8 % Nachlass",
            criteria={"abc": ["A", "B"], "revenue_from": "2500", "purchases": [_never_bought(group)]}, control_share=Decimal("0.1"),
        ),
    )  # fmt: skip
    Campaign.objects.filter(pk=campaign.pk).update(seed=_SEED)
    campaign.refresh_from_db()
    conditions = [
        OfferCondition(kind=OfferCondition.Kind.ONE_OFF_DISCOUNT, group=group, percent=Decimal(8), least_ratio=Decimal("0.10")),
        OfferCondition(kind=OfferCondition.Kind.SHORT_DELIVERY, group=group, days=2),
    ]
    acts.write(actor=nora, campaign=campaign, conditions=conditions)
    acts.submit(actor=nora, campaign=campaign)
    acts.approve(actor=carla, campaign=campaign)
    target.freeze(campaign)
    running.by_date(today, [campaign.pk])
    campaign.refresh_from_db()
    return campaign


def _never_bought(group: ProductGroup) -> dict[str, str]:
    return {"how": "never", "what": f"group:{group.pk}", "name": group.name, "months": "12"}


def _talk(campaign: Campaign) -> None:
    """The first customers who have an owner, each answered by him: in turn no decision, interest, an order, no need."""
    reasons = Opportunity.objects.for_system(_WHY).filter(campaign=campaign, owner__isnull=False).select_related("owner", "customer")
    for index, reason in enumerate(reasons.order_by("customer__number_key")[:_ANSWERED_MOST]):
        match _ANSWERS[index % len(_ANSWERS)]:
            case "win":
                opportunities.win(actor=reason.owner, opportunity=reason, amount=_AMOUNTS[index % len(_AMOUNTS)])
            case "lose":
                opportunities.lose(actor=reason.owner, opportunity=reason, reason=_LOST[index % len(_LOST)])
            case "interest":
                opportunities.interest(actor=reason.owner, opportunity=reason)
            case _:
                opportunities.contact(actor=reason.owner, opportunity=reason)


def _waiting(nora: User, today: dt.date) -> None:
    """A concept in the hands of the management."""
    starts_on = add_working_days(today, 10)
    robot = Product.objects.filter(needs_demo=True).order_by("sku").first()
    campaign = acts.make(
        actor=nora,
        campaign=Campaign(
            name="Maschine zur Probe", starts_on=starts_on, ends_on=starts_on + dt.timedelta(days=28), budget=Decimal(2500),
            aim="Große Kunden eine Maschine vierzehn Tage lang ausprobieren lassen.",
            call_text="Sie können unsere Maschine vierzehn Tage ohne Kosten bei sich ausprobieren", criteria={"abc": ["A"]},
        ),
    )  # fmt: skip
    acts.write(actor=nora, campaign=campaign, conditions=[OfferCondition(kind=OfferCondition.Kind.TRIAL, product=robot, days=14)])
    acts.submit(actor=nora, campaign=campaign)
