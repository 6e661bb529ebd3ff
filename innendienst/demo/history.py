"""Everything about one customer of the demo, ready to be written."""

import datetime as dt
from dataclasses import dataclass

from customers.models import Customer
from innendienst.demo.customers import Company, Course, make_company
from innendienst.demo.needs import needs_of
from innendienst.demo.purchases import Order, orders_of
from innendienst.demo.talks import Talks, talks_of
from innendienst.demo.timeline import Timeline, dice

_YEAR_DAYS = 365
_NEW_DAYS = 180


@dataclass(frozen=True, slots=True)
class History:
    company: Company
    timeline: Timeline
    lifecycle: str
    orders: list[Order]
    talks: Talks
    dunning_level: int
    is_delivery_stopped: bool
    is_inactive: bool


def history_of(seed: int, index: int, timeline: Timeline) -> History:
    """The customer with this index; neither the number of customers nor the order in which they are asked for matters."""
    company = make_company(seed, index, timeline)
    orders = orders_of(company, needs_of(company, seed, timeline), seed, timeline)
    rng = dice(seed, "account", index)
    return History(
        company=company,
        timeline=timeline,
        lifecycle=_lifecycle(company, orders, timeline),
        orders=orders,
        talks=talks_of(company, orders, seed, timeline),
        dunning_level=rng.choices((0, 1, 2), (985, 11, 4))[0],
        is_delivery_stopped=rng.random() < 0.003,
        is_inactive=company.course is Course.CHURNED and company.last_day < timeline.end - 600 and rng.random() < 0.3,
    )


def _lifecycle(company: Company, orders: list[Order], timeline: Timeline) -> str:
    if not orders or company.since_on is None:
        return Customer.Lifecycle.PROSPECT
    silent_days = timeline.end - orders[-1].day
    if silent_days > _YEAR_DAYS:
        return Customer.Lifecycle.LOST if silent_days > 2 * _YEAR_DAYS else Customer.Lifecycle.DORMANT
    is_new = company.since_on > timeline.today - dt.timedelta(days=_NEW_DAYS)
    return Customer.Lifecycle.NEW if is_new else Customer.Lifecycle.ACTIVE
