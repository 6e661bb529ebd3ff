"""The demo goes into an empty installation, as a whole, once."""

import datetime as dt
import hashlib

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Absence, User
from customers import search_tokens
from customers.models import (
    Activity,
    Complaint,
    ComplaintTransition,
    Consent,
    Contact,
    ContactBlock,
    Customer,
    DataState,
    FollowUp,
    Need,
    Order,
    OrderLine,
    Product,
    ProductRelation,
    Touched,
)
from innendienst.base import preferences
from innendienst.base.models import AuditEvent, Preference
from innendienst.base.preferences import CompanyPreferences
from innendienst.demo import load as loading, mark as marks, sign_in
from innendienst.demo.ground import read_ground
from innendienst.demo.history import history_of
from innendienst.demo.load import DEFAULT_SEED, InstallationInUse, load
from innendienst.demo.staff import COMPANY_STATE, TEAMS
from innendienst.demo.timeline import Timeline
from innendienst.demo.writing import write_histories
from innendienst.lib.dates import add_working_days
from tests import factories
from tests.demo.film_numbers import FILM_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = dt.date(2026, 11, 23)
_WHY = "comparing what was loaded"
_KEYS = {
    User: "username role team__name", Absence: "user__username deputy__username from_on until_on",
    Product: "sku price cost group__name last_order_on", ProductRelation: "from_product__sku to_product__sku kind argument",
    Customer: "number name phone owner__username field_owner__username lifecycle customer_since",
    Contact: "customer__number match_key salutation phone mobile",
    Order: "number customer__number ordered_on",
    OrderLine: "order__number position product__sku quantity revenue_net contribution_margin status",
    Activity: "customer__number at outcome note by__username", FollowUp: "customer__number due_on due_time note done_at",
    Complaint: "customer__number title state raised_on", ComplaintTransition: "complaint__customer__number to_state at",
    ContactBlock: "customer__number kind channel set_on", Consent: "customer__number proof",
    Need: "customer__number group__name supplier yearly_need contract_until told_on",
}  # fmt: skip


def opened(model):
    """All rows, but for what a survey left: whom it asks is drawn by ids, and those go on counting from one load to the next."""
    rows = model.objects.for_system(_WHY) if hasattr(model.objects.all(), "for_system") else model.objects.all()
    return rows.exclude(origin__startswith="nps_case:") if model is FollowUp else rows


def fingerprint() -> dict[str, str]:
    """Table → hash of its rows by what they say, ids left out."""
    rows = {model.__name__: sorted(map(repr, opened(model).values_list(*keys.split()))) for model, keys in _KEYS.items()}
    return {name: f"{len(texts)} {hashlib.sha256(''.join(texts).encode()).hexdigest()}" for name, texts in rows.items()}


def loaded(**options) -> dict[str, str]:
    """What loading leaves behind; the database is as before afterwards."""
    with transaction.atomic():
        load(today=TODAY, **options)
        found = fingerprint()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_and_day_give_the_same_rows_and_another_seed_others():
    first = loaded(customers=40, seed=1)
    assert loaded(customers=40, seed=1) == first
    other = loaded(customers=40, seed=2)
    assert [name for name in ("User", "Absence", "Product", "ProductRelation") if first[name] != other[name]] == []
    assert [name for name in ("Customer", "Contact", "Order", "OrderLine", "Activity", "FollowUp") if first[name] == other[name]] == []


def test_300_customers_with_all_that_belongs_to_them():
    result = load(300, today=TODAY)
    assert result.is_new
    assert result.seconds < 20
    counted = {kind: opened(model).count() for kind, model in
               (("customers", Customer), ("contacts", Contact), ("orders", Order), ("lines", OrderLine), ("calls", Activity))}  # fmt: skip
    assert counted == result.rows
    assert counted["lines"] > 60 * 300
    assert Touched.objects.count() == 300
    assert DataState.objects.get().last_order_on == dt.date(2026, 11, 20)
    assert opened(OrderLine).filter(ordered_on__gt=DataState.objects.get().last_order_on).count() == 0
    assert opened(Consent).count() == 10
    assert opened(ContactBlock).exists()
    assert opened(Complaint).unresolved().exists()


def test_whoever_had_a_complaint_settled_is_still_to_be_asked():
    load(1, today=TODAY)
    timeline = Timeline(TODAY, COMPANY_STATE)
    histories = (history_of(DEFAULT_SEED, index, timeline) for index in range(1, 2_000))
    settled = next(each for each in histories if any(trouble.steps[-1][0] == Complaint.State.RESOLVED for trouble in each.talks.troubles))
    write_histories([settled], read_ground())
    asked = opened(FollowUp).open().get(kind=FollowUp.Kind.COMPLAINT)
    state = TEAMS[settled.company.team]
    assert asked.due_on == add_working_days(timezone.localdate(asked.solution.at), 5, state)
    assert (asked.solution.to_state, asked.note) == ("resolved", asked.solution.complaint.title)


def test_every_stored_number_is_a_film_number_and_every_address_an_example():
    load(100, today=TODAY)
    numbers = [*opened(Customer).values_list("phone_e164", flat=True), *opened(Contact).values_list("phone_e164", flat=True),
               *opened(Contact).values_list("mobile_e164", flat=True)]  # fmt: skip
    assert [number for number in filter(None, numbers) if not FILM_NUMBER.fullmatch(number)] == []
    addresses = [*opened(Customer).values_list("email", flat=True), *opened(Contact).values_list("email", flat=True),
                 *User.objects.values_list("email", flat=True)]  # fmt: skip
    assert [address for address in filter(None, addresses) if not address.endswith(".example")] == []


def test_customers_are_found_by_name_person_number_and_phone():
    load(40, today=TODAY)
    for text in ("oeztuerk", "Klinik Süßgrund", "Müller Söhne Dresden", "000101", "030 23125-000"):
        found = opened(Customer).matching(text)
        assert found.exists(), text
    assert search_tokens.refresh(opened(Customer).values_list("pk", flat=True)) == 0


def test_rows_written_afterwards_get_ids_of_their_own():
    load(20, today=TODAY)
    customer = factories.make_customer("Nachzügler GmbH")
    order = factories.make_order(customer, TODAY, (Product.objects.first(), 1, 10))
    assert opened(Order).filter(pk=order.pk).count() == 1
    assert order.pk > opened(Order).exclude(pk=order.pk).order_by("-pk").first().pk


def test_the_company_is_set_up_and_anna_signs_in_with_the_printed_password(client):
    load(20, today=TODAY)
    preferences.forget()
    company = preferences.get(CompanyPreferences)
    assert (company.name, company.state, company.is_set_up) == ("Feudelhagen Reinigungstechnik GmbH", "SN", True)
    first_line, *_rest = sign_in.kept().splitlines()
    password = first_line.rsplit(" ", 1)[1]
    assert len(password) == 19
    assert User.objects.get(username="anna.lang").check_password(password)
    assert sign_in.path().stat().st_mode & 0o777 == 0o600
    assert AuditEvent.objects.filter(act="demo.load").count() == 1


def test_a_loaded_demo_is_not_loaded_again():
    load(20, today=TODAY)
    before, signed = fingerprint(), sign_in.kept()
    again = load(500, seed=9, today=TODAY)
    assert not again.is_new
    assert again.rows["customers"] == 20
    assert (fingerprint(), sign_in.kept()) == (before, signed)


def test_whoever_waited_for_another_process_to_load_the_demo_writes_nothing(monkeypatch):
    load(20, today=TODAY)
    before = fingerprint()
    monkeypatch.setattr(marks, "read", lambda: None)
    load(20, today=TODAY)
    assert fingerprint() == before


@pytest.mark.parametrize("make", [factories.make_user, factories.make_customer, factories.make_product])
def test_an_installation_in_use_is_refused_and_stays_as_it_is(make):
    make()
    with pytest.raises(InstallationInUse):
        load(20, today=TODAY)
    assert Preference.objects.count() == 0
    assert User.objects.count() + Product.objects.count() + opened(Customer).count() == 1


def test_a_demo_of_one_step_that_is_interrupted_leaves_nothing(monkeypatch):
    def die(_last_order_on):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "write_data_state", die)
    with pytest.raises(KeyboardInterrupt):
        load(40, today=TODAY)
    assert (User.objects.count(), opened(Customer).count(), Preference.objects.count()) == (0, 0, 0)


def test_a_large_demo_that_was_killed_goes_on_where_it_stopped(monkeypatch):
    undisturbed = loaded(customers=90, seed=3)
    monkeypatch.setattr(loading, "STEP", 30)

    def die(reached, _customers):
        if reached == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(90, seed=3, today=TODAY, report=die)
    assert opened(Customer).count() == 60
    result = load(2_000, seed=99, today=TODAY + dt.timedelta(days=1))
    assert (result.is_new, result.rows["customers"]) == (True, 90)
    assert fingerprint() == undisturbed
