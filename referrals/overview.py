"""What the management reads of references and referrals: business figures and what is owed to people, never who is late (W-4).

Pipeline, gaps and what was won are about the customers a person may see; what is owed is counted for the whole house, so that no
small team can be made out of it.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from customers.models import Customer, IndustrySum, ProductGroup, PurchaseRhythm
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import working_days_between
from innendienst.lib.money import money_sum
from referrals import days
from referrals.models import ReferenceCustomer, ReferenceUse, ReferralContact, ReleaseScope
from referrals.releasing import NEGOTIABLE

AGES = (0, 5, 10)
"""Working days past the due day that divide what is open: in time, up to 5, up to 10, later."""
INDUSTRIES_MOST = 15
_WHY = "counts without names"
State, Referral = ReferenceCustomer.State, ReferralContact.State


def pipeline(user: User) -> dict[str, int]:
    """State → how many references are in it, those without any left out."""
    counts = ReferenceCustomer.objects.visible_to(user).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(counts)


@dataclass
class Owed:
    """What of one kind is open: `by_age` has one count per band of AGES and one for what is later; `oldest_on` was due first."""

    by_age: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    oldest_on: dt.date | None = None

    @property
    def total(self) -> int:
        return sum(self.by_age)

    def add(self, due_on: dt.date, count: int, today: dt.date, state: str) -> None:
        late = working_days_between(due_on, today, state) if due_on < today else 0
        self.by_age[sum(late > age for age in AGES)] += count
        self.oldest_on = min(filter(None, (self.oldest_on, due_on)))


DUTIES = ("thinking", "feedback", "thanks", "inform", "won_thanks", "art14", "proof")


def owed(today: dt.date) -> dict[str, Owed]:
    """Each of DUTIES with what is open of it. One query per kind, however many are open."""
    state = preferences.get(CompanyPreferences).state
    uses = ReferenceUse.objects.for_system(_WHY).filter(used_on__lte=today)
    referrals = ReferralContact.objects.for_system(_WHY).exclude(state=Referral.ERASED)
    thinking = ReferenceCustomer.objects.for_system(_WHY).filter(state=State.THINKING, thinking_until__lte=today)
    notice = referrals.open().filter(art14_informed_at=None)
    unproved = ReleaseScope.objects.filter(withdrawn_at=None, released_on=None, reference__state__in=NEGOTIABLE)
    open_days = {
        "thinking": (thinking, "thinking_until", lambda day: day),
        "proof": (unproved, "agreed_on", days.thanks_due),
        "feedback": (uses.filter(feedback_given_at=None), "used_on", days.thanks_due),
        "thanks": (uses.filter(thanked_at=None), "used_on", days.thanks_due),
        "inform": (referrals.filter(first_contact_on__isnull=False, recommender_informed_at=None), "first_contact_on", days.word_due),
        "won_thanks": (referrals.filter(won_on__isnull=False, recommender_thanked_at=None), "won_on", days.thanks_due),
        "art14": (notice, "named_on", days.notice_due),
    }
    found = {}
    for name, (rows, column, due) in open_days.items():
        found[name] = Owed()
        for day, count in rows.order_by().values_list(column).annotate(count=Count("pk")):
            found[name].add(due(day), count, today, state)
    return found


@dataclass(frozen=True)
class Coverage:
    """References of one industry or product group: `usable` now, `coming` ones that are asked or agreed. `customers` None: not counted."""

    name: str
    usable: int
    coming: int
    customers: int | None = None
    revenue: Decimal = Decimal(0)
    pk: int | None = None

    @property
    def is_gap(self) -> bool:
        return not self.usable


def by_industry(user: User) -> list[Coverage]:
    """The industries with most revenue of twelve months, and those that have references.

    Customers and revenue are those of the last full recompute where the user sees all customers, else they are counted now.
    """
    visible = Customer.objects.visible_to(user)
    rows = [] if not visible.is_everybody else IndustrySum.objects.values_list("industry", "customers_count", "revenue_12m")
    known = _known(rows or _industries_of(visible))
    usable, coming = (
        Counter(dict(found.order_by().values_list("customer__industry").annotate(count=Count("pk")))) for found in _usable_and_coming(user)
    )
    if added := {*usable, *coming} - {"", *known}:
        known |= _known(_industries_of(visible.filter(industry__in=added)))
    largest = sorted(known, key=lambda name: (-known[name][1], name))[:INDUSTRIES_MOST]
    shown = dict.fromkeys([*largest, *(name for name in sorted(known) if usable[name] or coming[name])])
    return [Coverage(name, usable[name], coming[name], known[name][0], known[name][1]) for name in shown]


def _known(rows: Iterable[tuple[str, int, Decimal | None]]) -> dict[str, tuple[int, Decimal]]:
    return {name: (count, Decimal(revenue or 0)) for name, count, revenue in rows}


def _industries_of(customers: QuerySet) -> QuerySet:
    """Rows industry, customers, revenue: the same that the recompute keeps of all."""
    listed = customers.filter(merged_into=None, is_inactive=False).exclude(industry="").exclude(lifecycle=Customer.Lifecycle.LEAD)
    return listed.order_by().values_list("industry").annotate(count=Count("pk"), revenue=money_sum("facts__revenue_12m"))


def by_product_group(user: User) -> list[Coverage]:
    """All product groups, those without a reference first: how many references buy of each."""
    counted = [_groups_of(found) for found in _usable_and_coming(user)]
    groups = ProductGroup.objects.values_list("pk", "name")
    found = [Coverage(name, counted[0][pk], counted[1][pk], pk=pk) for pk, name in groups]
    return sorted(found, key=lambda one: (not one.is_gap, one.name))


def _groups_of(references: QuerySet) -> Counter[int]:
    bought = PurchaseRhythm.objects.for_system("purchases of visible references").filter(
        customer__in=references.values("customer"), product__group__isnull=False
    )
    rows = bought.order_by().values_list("product__group").annotate(count=Count("customer", distinct=True))
    return Counter(dict(rows))


def _usable_and_coming(user: User) -> tuple[QuerySet, QuerySet]:
    references = ReferenceCustomer.objects.visible_to(user)
    return references.usable(), references.filter(state__in=ReferenceCustomer.ON_THE_WAY)


@dataclass(frozen=True)
class Won:
    """Customers won in a quarter by referral, with what they brought in the last twelve months; `margin` None where it is unknown."""

    year: int
    quarter: int
    count: int
    revenue: Decimal
    margin: Decimal | None


@dataclass(frozen=True)
class Brought:
    """What referrals brought: contacts `named` in twelve months, `open` now, and new customers by quarter, the youngest first."""

    named: int
    open: int
    quarters: Sequence[Won]

    @property
    def total(self) -> Won:
        return _sum(0, 0, self.quarters)


def brought(user: User, today: dt.date) -> Brought:
    """Each customer once, whoever named him, in the quarter in which he was won. Two queries."""
    referrals = ReferralContact.objects.visible_to(user)
    since = today - dt.timedelta(days=365)
    is_open = Q(state__in=ReferralContact.OPEN)
    counts = referrals.aggregate(named=Count("pk", filter=Q(named_on__gt=since)), open=Count("pk", filter=is_open))
    won = referrals.filter(state=Referral.CUSTOMER_WON).order_by("-won_on", "-pk")
    customers: dict[int, tuple[dt.date, Decimal, Decimal | None]] = {}
    for customer, won_on, revenue, margin in won.values_list(
        "customer", "won_on", "customer__facts__revenue_12m", "customer__facts__margin_12m"
    ):
        customers[customer] = (won_on, revenue or Decimal(0), margin)  # the first to be won counts
    by_quarter: dict[tuple[int, int], list[Won]] = defaultdict(list)
    for won_on, revenue, margin in customers.values():
        year, quarter = won_on.year, (won_on.month - 1) // 3 + 1
        by_quarter[year, quarter].append(Won(year, quarter, 1, revenue, margin))
    return Brought(counts["named"], counts["open"], [_sum(*key, by_quarter[key]) for key in sorted(by_quarter, reverse=True)])


def _sum(year: int, quarter: int, several: Iterable[Won]) -> Won:
    found = list(several)
    margins = [one.margin for one in found if one.margin is not None]
    margin = sum(margins, Decimal(0)) if len(margins) == len(found) else None
    return Won(year, quarter, sum(one.count for one in found), sum((one.revenue for one in found), Decimal(0)), margin)
