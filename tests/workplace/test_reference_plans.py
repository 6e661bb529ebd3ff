"""The reference plan: rows that come from data, cells that follow them until somebody writes, Excel there and back, paper."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from customers.complaints import raise_complaint
from customers.models import FollowUp
from customers.preferences import CustomersPreferences
from innendienst.base import jobs, preferences
from innendienst.workplace.plans import acts
from referrals import asking, contacting, erasing, naming, using
from referrals.models import ReferenceCustomer, ReferencePlan, ReferencePlanCell, ReferralContact
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import answer, make_wave
from tests.referrals.scenes import make_buyer, make_reference, make_referral, make_released
from tests.workplace.reference_plan_scenes import REFERENCES, address, make_plan, rows

TODAY = timezone.localdate
A4_LANDSCAPE_PX = 1060
HEADINGS_WITH_BROKEN_WORDS = """
[...document.querySelectorAll('.plan-sheet thead th:not(.plan-acts, :first-child)')].filter((one) => {
  const words = document.createElement('span')
  Object.assign(words.style, { display: 'inline-block', width: 'min-content', overflowWrap: 'normal', hyphens: 'manual' })
  words.append(...one.childNodes)
  one.append(words)
  const { paddingLeft, paddingRight } = getComputedStyle(one)
  return words.offsetWidth > one.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1
}).map((one) => one.textContent.trim())
"""
pytestmark = pytest.mark.django_db


def write(client, plan, row, column: str, value: str, version: int):
    return client.post(address("cell", plan), {"row": row.pk, "column": column, "value": value, "version": version})


def refresh(client, plan) -> None:
    client.post(address("refresh", plan))


def test_each_section_is_filled_from_what_is_on_record(carlas, carla, anna):
    rated = make_reference(anna, "thinking", name="Hotel Ruhe", open_minded=3, well_disposed=2, well_connected=3, is_well_known=True)
    scope = make_released(anna, carla, name="Hotel Logo")
    use = using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY())
    referral = make_referral(anna)
    wave = make_wave("Herbst")
    answer(wave, rated.customer, 9)
    silent = make_wave("Ohne Namen", shows_names=False)
    answer(silent, scope.reference.customer, 10)
    plan = make_plan(carla)

    questions = rows(plan, "A")
    assert [row["question"] for row in questions] == ["regular", "completed", "made_good", "recommend", "name"]
    assert [row["hits"] for row in questions] == ["3", "0", "0", "1", "2"]
    assert "customers" not in questions[3]  # who answered what is told to nobody here
    assert set(questions[0]["customers"].split(", ")) == {"Hotel Ruhe", "Hotel Logo", "Firma Plus GmbH"}
    by_name = {row["customer"].split(" (")[0]: row for row in rows(plan, "B")}
    ruhe = by_name["Hotel Ruhe"]
    # 20 + 20 (answered 9) + 20 + 15 + 15
    assert (ruhe["open_minded"], ruhe["last_rating"], ruhe["suitability"], ruhe["regular"]) == ("3", "9", "90", "yes")
    assert "last_rating" not in by_name["Hotel Logo"]
    asked = rows(plan, "C")[0]
    assert (asked["asker"], asked["answer"], asked["thinking_until"], asked["released"]) == (
        str(anna.pk), "thinking", rated.thinking_until.isoformat(), "no",
    )  # fmt: skip
    used = rows(plan, "D")[0]
    assert (used["kind"], used["used_on"]) == ("logo", TODAY().isoformat())
    named = rows(plan, "E")[0]
    assert (named["company"], named["contact"], named["result"]) == ("Neu GmbH", "Peter Neumann", "named")
    assert "phone" not in named
    assert len(rows(plan, "F")) == 5
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contacting.call_first(actor=anna, referral=referral, outcome="reached")
    using.thank_for_use(actor=anna, use=use, gift=using.Gift("letter"))
    for _run in range(2):  # the night, twice: no row comes a second time
        jobs.run(jobs.request("refresh_plans").pk)
    named, used = rows(plan, "E"), rows(plan, "D")
    assert [(row["phone"], row["way"], row["called_on"]) for row in named] == [("030 23125-555", "Telefon, Brief", TODAY().isoformat())]
    assert [(row["how"], row["thanked_on"]) for row in used] == [("letter", TODAY().isoformat())]


def test_a_cell_follows_the_data_until_a_person_writes_and_ratings_in_the_sheet_give_the_points(carlas, carla, anna):
    reference = make_reference(anna, open_minded=1, well_disposed=1, well_connected=1)
    plan = make_plan(carla)
    row = plan.rows.get(section="B")
    asking.rate(actor=anna, reference=reference, said={"open_minded": 2})
    refresh(carlas, plan)
    assert rows(plan, "B")[0]["open_minded"] == "2"
    version = row.cells.get(column="open_minded").version
    assert write(carlas, plan, row, "open_minded", "3", version).status_code == 200
    asking.rate(actor=anna, reference=reference, said={"open_minded": 0, "well_disposed": 3})
    refresh(carlas, plan)
    values = rows(plan, "B")[0]
    # 20 as written here, 20 and 6.67 as rated, regular customer 15
    assert (values["open_minded"], values["well_disposed"], values["suitability"]) == ("3", "3", "62")
    raise_complaint(actor=anna, customer=reference.customer, title="Motor")
    refresh(carlas, plan)
    values = rows(plan, "B")[0]
    assert ("suitability" in values, values["complaint"]) == (False, "yes")
    carlas.post(address("row_remove", plan, row.pk))
    refresh(carlas, plan)
    assert rows(plan, "B") == []  # what was taken out stays out


def test_who_is_typed_by_name_or_number_is_found_and_becomes_a_follow_up_once(annas, anna, carla):
    customer = make_buyer(anna, "Bäckerei Nord GmbH")
    factories.make_customer("Zwilling GmbH"), factories.make_customer("Zwilling GmbH")
    plan = make_plan(carla)
    for text in ("bäckerei nord gmbh", customer.number.lower(), "Zwilling GmbH", "Niemand"):
        annas.post(address("row_add", plan, "C"), {"customer": text, "remind_on": "+7", "request": "name"})
    refresh(annas, plan)
    assert [row.customer for row in plan.rows.filter(section="C").order_by("position")] == [customer, customer, None, None]
    first, *_others, nobody = plan.rows.filter(section="C").order_by("position")
    for _click in range(2):
        annas.post(address("row_follow_up", plan, first.pk))
    due = FollowUp.objects.for_system("test").get()
    assert (due.customer, due.assignee, due.due_on >= TODAY() + dt.timedelta(days=7), due.note) == (
        customer, anna, True, "Geplant: Nennung von Kontakten",
    )  # fmt: skip
    page = annas.post(address("row_follow_up", plan, nobody.pk), follow=True).content.decode()
    assert "nennt keinen bekannten Kunden" in page
    assert f"Wiedervorlage: {due.due_on:%d.%m.%Y}" in page


def test_ratings_of_a_meeting_are_put_on_record_in_one_click(annas, carlas, anna, carla):
    known = make_reference(anna, open_minded=1, well_disposed=2, name="Hotel Ruhe").customer
    new = make_buyer(anna, "Klinik Nord")
    plan = make_plan(carla)
    section = REFERENCES.template.section("B")
    row = plan.rows.get(section="B", customer=known)
    added = acts.add_row(actor=carla, document=plan, section=section, values={"customer": new.number, "well_disposed": "3"})
    nobody = acts.add_row(actor=carla, document=plan, section=section, values={"customer": "Niemand", "well_disposed": "3"})
    unrated = acts.add_row(actor=carla, document=plan, section=section, values={"customer": new.number})
    take = address("row_ratings", plan, row.pk)
    assert take not in annas.get(address("detail", plan)).content.decode()  # the sheet says what the record says
    write(carlas, plan, row, "open_minded", "3", row.cells.get(column="open_minded").version)
    write(carlas, plan, row, "is_well_known", "ja", row.cells.get(column="is_well_known").version)
    assert take in annas.get(address("detail", plan)).content.decode()
    for one in (row, added):
        annas.post(address("row_ratings", plan, one.pk))
    columns = ("open_minded", "well_disposed", "is_well_known", "state")
    found = ReferenceCustomer.objects.for_system("test")
    assert found.values_list(*columns).get(customer=known) == (3, 2, True, "candidate")
    assert found.values_list(*columns).get(customer=new) == (None, 3, False, "candidate")
    assert take not in annas.get(address("detail", plan)).content.decode()
    for one, words in ((nobody, "nennt keinen bekannten Kunden"), (unrated, "hat noch niemand bewertet")):
        assert words in annas.post(address("row_ratings", plan, one.pk), follow=True).content.decode()


def test_answers_are_read_by_the_management_alone(client, carla, anna):
    reference = make_reference(anna)
    answer(make_wave("Herbst"), reference.customer, 9)
    plan = make_plan(carla)
    for user, sees in ((carla, True), (anna, False), (factories.make_user("mia", Role.MARKETING), False)):
        client.force_login(user)
        page = client.get(address("detail", plan)).content.decode()
        book = openpyxl.load_workbook(io.BytesIO(client.get(address("export", plan)).content))
        heads = [one.value for row in book["B"].iter_rows() for one in row]
        assert ("Letzte NPS-Antwort" in page, "Letzte NPS-Antwort" in heads) == (sees, sees)


@pytest.mark.parametrize(("visibility", "seen"), [("company", 2), ("team", 1), ("own", 0)])
def test_a_plan_names_customers_and_is_seen_by_those_who_may_see_all_of_them(annas, anna, bernd, carla, dieter, visibility, seen):
    make_plan(carla, team=bernd.team)
    own, whole = make_plan(carla, team=anna.team), make_plan(carla)
    preferences.put(CustomersPreferences, by=dieter, visibility=visibility)
    assert ReferencePlan.objects.visible_to(anna).count() == seen
    assert annas.get(address("detail", own)).status_code == (200 if seen else 404)
    assert annas.get(address("detail", whole)).status_code == (200 if seen == 2 else 404)
    assert ReferencePlan.objects.visible_to(carla).count() == 3


def test_a_team_s_plan_is_about_its_own_customers(carla, anna, bernd):
    make_reference(anna), make_reference(bernd, name="Fremd AG")
    plan = make_plan(carla, team=anna.team)
    assert ["Fremd AG" in row["customer"] for row in rows(plan, "B")] == [False]
    assert rows(plan, "A")[0]["hits"] == "1"


def test_an_erased_contact_leaves_living_and_frozen_plans(carlas, carla, anna):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    frozen, living = make_plan(carla), make_plan(carla)
    row = living.rows.get(section="E")
    write(carlas, living, row, "company", "Neu GmbH, Herr Neumann", row.cells.get(column="company").version)
    carlas.post(address("freeze", frozen))
    assert "Neumann" in carlas.get(address("detail", frozen)).content.decode()
    erasing.erase(actor=None, referral=ReferralContact.objects.for_system("test").get())
    for plan in (frozen, living):
        page = carlas.get(address("detail", plan)).content.decode()
        assert "Neumann" not in page
        assert "23125" not in page
    assert not ReferencePlanCell.objects.filter(value__contains="Neumann").exists()


def test_the_sheet_takes_as_many_queries_for_many_rows_as_for_one(carlas, carla, anna, django_assert_num_queries):
    make_reference(anna)
    plan = make_plan(carla)
    url = address("detail", plan)
    carlas.get(url)
    with django_assert_num_queries(11):
        carlas.get(url)
    make_reference(anna), make_reference(anna), make_referral(anna)
    refresh(carlas, plan)
    carlas.get(url)
    with django_assert_num_queries(11):
        carlas.get(url)


@pytest.mark.parametrize("options", [{}, {"is_dark": True, "width": 390}], ids=["light", "dark-phone"])
def test_the_plan_is_accessible_and_its_print_cuts_no_column(live_page, carla, anna, options):
    make_reference(anna, "thinking", name="Hotel Ruhe")
    using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=TODAY())
    make_referral(anna)
    plan = make_plan(carla)
    page = live_page(carla, **options)
    page.goto(address("detail", plan))
    expect(page.get_by_role("heading", name="B · Eignung")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    for url in (address("detail", plan), reverse("plans:blank", args=["references"])):
        page.goto(url)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": A4_LANDSCAPE_PX, "height": 700})
        expect(page.locator("html")).to_have_js_property("scrollWidth", A4_LANDSCAPE_PX)  # the new width takes a moment
        assert page.evaluate(
            "[...document.querySelectorAll('.plan-sheet')].every((one) => one.getBoundingClientRect().right <= window.innerWidth)"
        )
        assert page.evaluate(HEADINGS_WITH_BROKEN_WORDS) == []
    assert ReferenceCustomer.objects.for_system("test").count() == 2
