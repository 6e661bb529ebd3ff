"""How far a new installation has come: from the company's name to the first ten calls, read from the database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _, ngettext

from accounts.models import Role, User
from customers.models import Activity, Customer
from customers.sql import last_order_on
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display

FIRST_CALLS = 10
_WHY = "first hour: what does this installation hold yet?"


@dataclass(frozen=True)
class Step:
    """One thing to do. `found` says how far it is in words; `url` is "" where the page is not part of this installation."""

    title: str
    why: str
    found: str
    is_done: bool
    url: str
    label: str
    is_next: bool = False


def next_step() -> str | None:
    """The page an admin must see before anything else; None once the company has been asked for its data."""
    return None if preferences.get(CompanyPreferences).is_set_up else reverse("first_hour_company")


def steps() -> list[Step]:
    """All steps in order; the first one that is not done is the next."""
    found = list(_steps())
    following = next((index for index, step in enumerate(found) if not step.is_done), None)
    return [replace(step, is_next=index == following) for index, step in enumerate(found)]


def _steps() -> Iterator[Step]:
    yield _company()
    yield _users()
    yield _customers()
    yield _orders()
    yield _owners()
    yield _calls()


def _company() -> Step:
    company = preferences.get(CompanyPreferences)
    return Step(
        title=_("Company"),
        why=_("The Bundesland decides which days are working days, the fiscal year how plans are cut."),
        found=company.name,
        is_done=company.is_set_up,
        url=reverse("first_hour_company"),
        label=_("Change company"),
    )


def _users() -> Step:
    count = User.objects.active().filter(role=Role.REP).count()
    return Step(
        title=_("Users"),
        why=_("Each call list belongs to a person. Inside sales and field sales need a team; make it on the same page."),
        found=ngettext("%(count)s person in inside sales", "%(count)s people in inside sales", count) % {"count": display.number(count)},
        is_done=count > 0,
        url=_address("admin:accounts_user_add"),
        label=_("Add user"),
    )


def _customers() -> Step:
    count = Customer.objects.for_system(_WHY).count()
    return Step(
        title=_("Customers"),
        why=_("A list from your ERP system with number, company, place, phone and, if there is one, the owner."),
        found=ngettext("%(count)s customer", "%(count)s customers", count) % {"count": display.number(count)},
        is_done=count > 0,
        url=_address("imports:upload", "customers"),
        label=_("Import customers"),
    )


def _orders() -> Step:
    last_on = last_order_on()
    return Step(
        title=_("Orders"),
        why=_("Order lines of the last two or three years. From them come the reasons to call: who is due, and with what."),
        found=_("Data as of %(date)s") % {"date": display.date(last_on)} if last_on else _("No orders yet"),
        is_done=last_on is not None,
        url=_address("imports:upload", "orders"),
        label=_("Import orders"),
    )


def _owners() -> Step:
    customers = Customer.objects.for_system(_WHY)
    free_count = customers.unassigned().count()
    is_shared_out = free_count == 0 and customers.exclude(owner=None).exists()
    return Step(
        title=_("Owners"),
        why=_("Customers with an owner stand on his list only; those without are shared out from the pool day by day."),
        found=ngettext("%(count)s customer without owner", "%(count)s customers without owner", free_count)
        % {"count": display.number(free_count)},
        is_done=is_shared_out or _calls().is_done,  # who has called ten lives with the pool as it is
        url=f"{reverse('customers:list')}?owner=unassigned",
        label=_("Assign owner"),
    )


def _calls() -> Step:
    count = min(Activity.objects.for_system(_WHY).standing().filter(kind=Activity.Kind.CALL).count(), FIRST_CALLS)
    return Step(
        title=_("First ten calls"),
        why=_("Work through the list once yourself or with a colleague: after ten calls everybody knows how it goes."),
        found=_("%(count)s of %(total)s calls") % {"count": count, "total": FIRST_CALLS},
        is_done=count >= FIRST_CALLS,
        url=reverse("my_day"),
        label=_("To my day"),
    )


def _address(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
