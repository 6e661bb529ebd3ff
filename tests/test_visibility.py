"""Who sees which customers, in all three settings, and that nobody reads around it."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.models import Role
from campaigns.models import CallListRow, DayListRow, Opportunity
from customers import search_tokens
from customers.models import (
    Activity,
    Complaint,
    Consent,
    Contact,
    ContactBlock,
    Customer,
    CustomerFacts,
    FollowUp,
    Order,
    OrderLine,
    PurchaseMonth,
    PurchaseRhythm,
)
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.lib.guarded import UnguardedAccess
from tests import factories
from tests.factories import make_absence, make_customer, make_user
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.django_db

COMPANY, TEAM, OWN = Visibility.COMPANY, Visibility.TEAM, Visibility.OWN
LINKED = (
    Activity, CallListRow, Complaint, Consent, Contact, ContactBlock, CustomerFacts, DayListRow, FollowUp, Opportunity, Order, OrderLine,
    PurchaseMonth, PurchaseRhythm,
)  # fmt: skip


def see(visibility: str, by) -> None:
    preferences.put(CustomersPreferences, by=by, visibility=visibility)


@pytest.fixture
def customers(anna, bernd, team_north) -> dict[str, Customer]:
    """One customer for each way in which Anna may have to do with one."""
    colleague, other_colleague = make_user("cora", team=team_north), make_user("deniz", team=team_north)
    absent, back = make_user("emil", team=bernd.team), make_user("frida", team=bernd.team)
    today = timezone.localdate()
    make_absence(absent, anna, today, today)
    make_absence(back, anna, today - dt.timedelta(days=9), today - dt.timedelta(days=1))
    made = {
        "own": make_customer("own", owner=anna),
        "team": make_customer("team", owner=colleague),
        "pool": make_customer("pool"),
        "foreign": make_customer("foreign", owner=bernd),
        "field": make_customer("field", owner=bernd, field_owner=anna),
        "deputised": make_customer("deputised", owner=absent),
        "deputised field": make_customer("deputised field", owner=bernd, field_owner=absent),
        "no longer deputised": make_customer("no longer deputised", owner=back),
        "follow-up": make_customer("follow-up", owner=bernd),
        "done follow-up": make_customer("done follow-up", owner=bernd),
        "others' follow-up": make_customer("others' follow-up", owner=bernd),
        "absentee's follow-up": make_customer("absentee's follow-up", owner=bernd),
        "team's follow-up": make_customer("team's follow-up", owner=bernd),
        "other team's follow-up": make_customer("other team's follow-up", owner=bernd),
    }
    FollowUp.objects.create(customer=made["follow-up"], assignee=anna, due_on=today)
    FollowUp.objects.create(customer=made["done follow-up"], assignee=anna, due_on=today, done_at=timezone.now())
    FollowUp.objects.create(customer=made["others' follow-up"], assignee=other_colleague, due_on=today)
    FollowUp.objects.create(customer=made["absentee's follow-up"], assignee=absent, due_on=today)
    FollowUp.objects.create(customer=made["team's follow-up"], team=team_north, due_on=today)
    FollowUp.objects.create(customer=made["other team's follow-up"], team=bernd.team, due_on=today)
    return made


ENTRUSTED = {"own", "field", "deputised", "deputised field", "follow-up", "absentee's follow-up", "team's follow-up"}
"""What is Anna's to do, whatever the setting."""


def seen_by(user) -> set[str]:
    return set(Customer.objects.visible_to(user).values_list("name", flat=True))


def test_under_company_visibility_everybody_sees_everything(customers, anna, dieter):
    see(COMPANY, dieter)
    assert seen_by(anna) == set(customers)


def test_under_team_visibility_a_rep_sees_his_team_the_unassigned_and_what_is_entrusted_to_him(customers, anna, dieter):
    see(TEAM, dieter)
    assert seen_by(anna) == ENTRUSTED | {"team", "pool"}


def test_under_own_visibility_a_rep_sees_what_is_entrusted_to_him_and_the_pool_he_draws_from(customers, anna, dieter):
    see(OWN, dieter)
    assert seen_by(anna) == ENTRUSTED | {"pool"}


def test_under_own_visibility_the_pool_is_hidden_from_those_who_draw_no_list(customers, dieter):
    see(OWN, dieter)
    assert seen_by(make_user("hanna", Role.FIELD_SALES)) == set()


@pytest.mark.parametrize("visibility", [COMPANY, TEAM, OWN])
@pytest.mark.parametrize("role", [Role.MARKETING, Role.MANAGER, Role.ADMIN])
def test_roles_without_a_team_see_everything_in_every_setting(customers, dieter, visibility, role):
    see(visibility, dieter)
    assert seen_by(make_user("greta", role)) == set(customers)


@pytest.mark.parametrize("visibility", [TEAM, OWN])
def test_a_manager_of_a_team_sees_his_team_and_the_unassigned(customers, dieter, team_north, visibility):
    see(visibility, dieter)
    assert seen_by(make_user("greta", Role.MANAGER, team=team_north)) == {"own", "team", "pool", "team's follow-up"}


@pytest.mark.parametrize("visibility", [TEAM, OWN])
def test_whatever_falls_due_for_a_person_concerns_a_customer_he_sees(customers, anna, dieter, visibility):
    see(visibility, dieter)
    today = timezone.localdate()
    due = FollowUp.objects.for_system("test").due(today).for_person(anna, today).values_list("customer__name", flat=True)
    assert set(due) == {"follow-up", "absentee's follow-up", "team's follow-up"}
    assert set(due) <= seen_by(anna)


@pytest.mark.parametrize("visibility", [COMPANY, TEAM, OWN])
def test_no_customer_is_seen_twice(customers, anna, dieter, visibility):
    see(visibility, dieter)
    FollowUp.objects.create(customer=customers["own"], assignee=anna, due_on=timezone.localdate())
    names = list(Customer.objects.visible_to(anna).values_list("name", flat=True))
    assert len(names) == len(set(names))


@pytest.mark.parametrize("visibility", [COMPANY, TEAM, OWN])
@pytest.mark.parametrize("model", LINKED)
def test_whatever_leads_to_a_customer_is_visible_when_he_is(customers, anna, dieter, visibility, model):
    see(visibility, dieter)
    rows = {name: _make(model, customer, anna) for name, customer in customers.items()}
    seen = set(model.objects.visible_to(anna).filter(pk__in=[row.pk for row in rows.values()]).values_list("customer__name", flat=True))
    assert seen == seen_by(anna)


def _make(model, customer, user):
    """A row of the model that belongs to the customer."""
    today, now, product = timezone.localdate(), timezone.now(), factories.make_product()
    if model is OrderLine:
        return factories.make_order(customer, today, (product, 1, 1)).lines.get()
    if model is Consent:
        contact = factories.make_contact(customer)
        return Consent.objects.create(customer=customer, contact=contact, channel="email", text_version="1", proof="Mail", granted_at=now)
    makers = {
        Activity: lambda: Activity.objects.create(customer=customer, by=user, at=now, outcome="reached"),
        CallListRow: lambda: CallListRow.objects.create(customer=customer, rank_value=1, kinds=[], callable_from=today),
        Complaint: lambda: Complaint.objects.create(customer=customer, title="x", raised_on=today, raised_by=user),
        Contact: lambda: factories.make_contact(customer),
        ContactBlock: lambda: ContactBlock.objects.create(customer=customer, set_on=today),
        CustomerFacts: lambda: CustomerFacts.objects.create(customer=customer),
        DayListRow: lambda: DayListRow.objects.create(customer=customer, user=user, day=today, position=1, source="own"),
        # done, so that it does not itself make the customer visible
        FollowUp: lambda: FollowUp.objects.create(customer=customer, assignee=user, due_on=today, done_at=now),
        Opportunity: lambda: Opportunity.objects.create(
            customer=customer, kind="reorder", rank_value=1, expected_revenue=1, p_win=1, suggested_on=today
        ),
        Order: lambda: factories.make_order(customer, today),
        PurchaseMonth: lambda: PurchaseMonth.objects.create(
            customer=customer, product=product, month=today.replace(day=1), quantity=1, revenue_net=1, lines_count=1
        ),
        PurchaseRhythm: lambda: PurchaseRhythm.objects.create(
            customer=customer, product=product, first_on=today, last_on=today, order_days=1, recent_on=[], usual_quantity=1,
            last_quantity=1, usual_revenue=1,
        ),
    }  # fmt: skip
    return makers[model]()


@pytest.mark.parametrize("model", [Customer, *LINKED])
@pytest.mark.parametrize(
    "read",
    [list, lambda rows: rows.count(), lambda rows: rows.aggregate(), lambda rows: next(rows.iterator(), None), lambda rows: rows.first()],
    ids=["fetch", "count", "aggregate", "iterator", "first"],
)
def test_reading_without_saying_for_whom_raises(model, read):
    with pytest.raises(UnguardedAccess):
        read(model.objects.all())


@pytest.mark.parametrize("model", [Customer, *LINKED])
def test_changing_without_saying_for_whom_raises(model):
    with pytest.raises(UnguardedAccess):
        model.objects.update(pk=1)
    with pytest.raises(UnguardedAccess):
        model.objects.all().delete()


# --- through the pages ---


@pytest.mark.parametrize("visibility", [TEAM, OWN])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/customers/",
        "/customers/?inactive=true&sort=-revenue",
        "/customers/?owner={bernd}",
        "/customers/?reason=reorder",
        "/customers/?q=Geheim",
        "/customers/?q=Geheim&page=2",
        "/search/?q=Geheim",
    ],
)
def test_two_teams_with_equal_data_see_nothing_of_each_other(client, anna, bernd, dieter, visibility, path):
    see(visibility, dieter)
    make_callable(anna, "Offen GmbH", kinds=("reorder",))
    secret = make_callable(bernd, "Geheim GmbH", kinds=("reorder",), number="G-77", town="Geheimstadt")
    search_tokens.refresh([secret.pk])
    client.force_login(anna)
    shown = client.get(path.format(bernd=bernd.pk), follow=True).content.decode().replace('value="Geheim"', "")
    assert re.findall(r"Geheim GmbH|G-77|Geheimstadt", shown) == []
    assert secret.get_absolute_url() not in shown


@pytest.mark.parametrize("visibility", [TEAM, OWN])
def test_a_foreign_page_and_one_that_does_not_exist_look_the_same(client, anna, bernd, dieter, visibility):
    see(visibility, dieter)
    foreign = make_callable(bernd, "Geheim GmbH")
    client.force_login(anna)
    answers = [client.get(f"/customers/{pk}/") for pk in (foreign.pk, 10**9)]
    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = {re.sub(r"\b[A-Za-z0-9]{64}\b", "(token)", answer.content.decode()) for answer in answers}
    assert len(bodies) == 1


def test_random_ids_are_all_not_found(client, anna, bernd, dieter):
    see(TEAM, dieter)
    for _index in range(20):
        make_customer(owner=bernd)
    ids = [*Customer.objects.for_system("test").values_list("pk", flat=True), *range(10**6, 10**6 + 20)]
    client.force_login(anna)
    assert {client.get(f"/customers/{pk}/").status_code for pk in ids} == {404}
