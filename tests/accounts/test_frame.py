"""The frame around each page: who sees which sections, how old the orders are, what it costs."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from customers.models import DataState
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import working_days_between
from tests import factories

pytestmark = pytest.mark.django_db


def open_page(client, user, address: str = "/no-such-page/") -> str:
    client.force_login(user, backend="accounts.backends.ByName")
    return client.get(address).content.decode()


def day_before(working_days: int) -> dt.date:
    """The youngest day that lies so many working days back."""
    day = timezone.localdate()
    while working_days_between(day, timezone.localdate()) < working_days:
        day -= dt.timedelta(days=1)
    return day


def sections(page: str) -> list[str]:
    return re.findall(r'class="side-nav-link" href="([^"]+)"', page)


@pytest.mark.parametrize(
    ("role", "first", "last", "hidden"),
    [
        ("rep", ["/", "/customers/", "/opportunities/"], "/plans/", {"/handovers/", "/admin/"}),
        ("field_sales", ["/handovers/", "/customers/", "/opportunities/"], "/plans/", {"/", "/admin/"}),
        ("marketing", ["/customers/", "/opportunities/"], "/plans/", {"/", "/handovers/", "/admin/"}),
        ("manager", ["/", "/customers/", "/opportunities/"], "/plans/", {"/handovers/", "/admin/"}),
        ("admin", ["/", "/customers/", "/opportunities/"], "/admin/", {"/handovers/"}),
    ],
)
def test_each_role_sees_its_sections(client, db, role, first, last, hidden):
    page = open_page(client, factories.make_user("mia", role))
    found = sections(page)
    assert (found[: len(first)], found[-1], hidden & set(found)) == (first, last, set())
    assert ('href="/setup/"' in page) == (role == "admin")


def test_the_section_one_is_in_is_marked(client, dieter):
    page = open_page(client, dieter, "/admin/accounts/user/")
    assert set(re.findall(r'href="([^"]+)" aria-current="page"', page)) == {"/admin/"}  # in the bar, and on a phone under "More"


def test_the_companys_name_stands_in_the_frame(client, anna, dieter):
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk & Söhne")
    assert "Reinwerk &amp; Söhne" in open_page(client, anna)


def test_the_datenstand_is_shown(client, anna):
    assert "Noch keine Aufträge" in open_page(client, anna)
    DataState.objects.create(last_order_on=dt.date(2026, 11, 20))
    assert "Datenstand 20.11.2026" in open_page(client, anna)


@pytest.mark.parametrize(
    ("working_days", "expected", "missing"),
    [
        (3, "", "Die Aufträge reichen bis"),
        (4, "das war vor 4 Arbeitstagen. Wer seither bestellt hat, kann noch auf der Liste stehen.", "ruhen"),
        (10, "das war vor 10 Arbeitstagen. Wer seither", "ruhen"),
        (11, "das war vor 11 Arbeitstagen. Nachkauf-Anlässe ruhen, bis neuere Aufträge eingelesen sind.", "Wer seither"),
    ],
)
def test_old_orders_are_pointed_out_on_pages_with_reasons(client, anna, working_days, expected, missing):
    DataState.objects.create(last_order_on=day_before(working_days))
    page = " ".join(open_page(client, anna, "/customers/").split())
    assert expected in page
    assert missing not in page
    assert "Die Aufträge reichen bis" not in open_page(client, anna, "/settings/")


def test_the_company_decides_when_orders_are_old(client, anna, dieter):
    preferences.put(CustomersPreferences, by=dieter, stale_after_days=400)
    DataState.objects.create(last_order_on=timezone.localdate() - dt.timedelta(days=300))
    assert "Die Aufträge reichen bis" not in open_page(client, anna, "/customers/")


def test_the_frame_costs_three_queries(client, anna, django_assert_num_queries):
    """Session with the preferences, user, Datenstand."""
    DataState.objects.create(last_order_on=timezone.localdate())
    open_page(client, anna)
    with django_assert_num_queries(3):
        client.get("/no-such-page/")
