"""A new installation: the company's data first, then what comes next."""

import datetime as dt

import pytest
from django.utils import timezone

from customers.models import Activity, DataState
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.first_hour import state
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = pytest.mark.django_db

COMPANY = {"name": "Reinwerk GmbH", "state": "SN", "fiscal_year_start_month": "4"}


def done() -> list[bool]:
    return [step.is_done for step in state.steps()]


def following() -> list[int]:
    return [number for number, step in enumerate(state.steps()) if step.is_next]


def test_the_company_is_asked_first(dieters):
    assert state.next_step() == "/setup/company/"
    assert dieters.get("/setup/")["Location"] == "/setup/company/"


def test_what_was_answered_becomes_the_companys_preferences(dieters):
    page = dieters.post("/setup/company/", COMPANY, follow=True)
    assert page.redirect_chain == [("/setup/", 302)]
    assert preferences.get(CompanyPreferences) == CompanyPreferences("Reinwerk GmbH", "SN", 4, is_set_up=True)
    assert state.next_step() is None
    assert "Reinwerk GmbH" in page.content.decode()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"state": ""}, {"state": "XX"}, {"fiscal_year_start_month": "13"}])
def test_a_company_with_gaps_is_refused(dieters, wrong):
    assert dieters.post("/setup/company/", {**COMPANY, **wrong}).status_code == 422
    assert state.next_step() is not None


def test_the_company_can_be_changed_later(dieters):
    dieters.post("/setup/company/", COMPANY)
    page = dieters.get("/setup/company/").content.decode()
    assert 'value="Reinwerk GmbH"' in page
    assert '<option value="SN" selected>Sachsen</option>' in page
    assert '<option value="4" selected>April</option>' in page


def test_there_are_sixteen_states_to_choose_from(dieters):
    page = dieters.get("/setup/company/").content.decode()
    assert page.split('name="state"')[1].split("</select>")[0].count("<option") == 17


def test_each_step_is_done_when_the_database_says_so(dieters, anna, dieter):
    assert done() == [False, True, False, False, False, False]
    dieters.post("/setup/company/", COMPANY)
    assert following() == [2]
    customer = factories.make_customer()
    assert (done(), following()) == ([True, True, True, False, False, False], [3])
    DataState.objects.create(last_order_on=dt.date(2026, 11, 20))
    assert following() == [4]
    customer.owner = anna
    customer.save()
    assert following() == [5]
    for _ in range(10):
        Activity.objects.create(customer=customer, outcome="reached", at=timezone.now(), by=anna)
    assert (done(), following()) == ([True] * 6, [])


def test_owners_are_not_done_while_customers_wait_for_one_and_nobody_has_worked_with_the_pool(anna):
    owned, _free = factories.make_customer(owner=anna), factories.make_customer()
    assert not done()[4]
    for _ in range(10):
        Activity.objects.create(customer=owned, outcome="reached", at=timezone.now(), by=anna)
    assert done()[4]


def test_a_fresh_installation_has_nothing_but_its_admin(dieter):
    assert done() == [False] * 6
    assert following() == [0]


def test_the_page_names_what_is_found_and_where_to_go(dieters, anna):
    dieters.post("/setup/company/", COMPANY)
    factories.make_customer()
    page = dieters.get("/setup/").content.decode()
    assert "1 Person im Innendienst" in page
    assert "1 Kunde ohne Betreuer" in page
    assert "0 von 10 Anrufen" in page
    assert 'href="/admin/accounts/user/add/"' in page
    assert 'href="/customers/?owner=unassigned"' in page


@pytest.mark.parametrize("address", ["/setup/", "/setup/company/"])
def test_only_an_admin_sets_up(client, anna, carla, address):
    for user in (anna, carla):
        client.force_login(user, backend="accounts.backends.ByName")
        assert client.get(address).status_code == 403
        assert client.post(address, COMPANY).status_code == 403
    assert not preferences.get(CompanyPreferences).is_set_up


@pytest.mark.parametrize("width", [1440, 390])
def test_both_pages_are_accessible_and_fit(live_page, dieter, width):
    page = live_page(dieter, width=width, is_dark=width == 390)
    page.goto("/setup/company/")
    assert_accessible(page)
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", state="SN", is_set_up=True)
    page.goto("/setup/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
