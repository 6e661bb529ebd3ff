"""The sales plan: bound cells from data, free cells that nobody loses, Excel there and back, and what a row leads to."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from campaigns import acts as opportunity_acts
from campaigns.measures.models import Measure
from campaigns.plans.models import SalesPlan, SalesPlanCell
from campaigns.special.models import Campaign
from customers.models import Segment
from innendienst.base import jobs
from innendienst.workplace.plans import acts
from tests import factories
from tests.concurrency import both
from tests.reading import text
from tests.workplace.plan_scenes import SALES, add_row, cell, filled, heads, make_plan, row_of, uploading, write
from tests.workplace.scenes import make_callable, reason_of

pytestmark = pytest.mark.django_db


def test_bound_cells_say_what_the_opportunities_brought_and_may_bring(carlas, carla, anna):
    won, waiting = make_callable(anna), make_callable(anna, kinds=("cross_sell",))
    reason = reason_of(won)
    opportunity_acts.win(actor=anna, opportunity=reason, amount=Decimal("1000"))
    plan = make_plan(carla)
    idea = add_row(carlas, plan, "B", possibility="cross_sell", idea="Zubehör anbieten")
    carlas.post(reverse("plans:refresh", args=["sales", plan.pk]))
    reorders = plan.rows.get(section="A", cells__column="possibility", cells__value="reorder")
    # 1.000 € won of a reason expected to leave 96 € of 240 €
    assert [cell(reorders, name) for name in ("contacts", "orders", "revenue", "margin")] == ["1", "1", "1000.00", "400.00"]
    assert [cell(idea, name) for name in ("customers", "revenue", "ways")] == ["1", "84.00", "1 / 1 / 0"]
    assert cell(row_of(plan, "0"), "revenue") == "1000.00"
    other = acts.make(
        actor=carla, kind=SALES, document=SalesPlan(team=factories.make_team(), starts_on=plan.starts_on, ends_on=plan.ends_on)
    )
    assert cell(row_of(other, "0"), "revenue") == "0.00"
    assert waiting.pk


def test_an_idea_for_a_saved_filter_counts_its_customers_alone(carlas, carla, anna):
    for postcode in ("01067", "30159"):
        make_callable(anna, kinds=("cross_sell",), postcode=postcode)
    Segment.objects.create(name="Sachsen", criteria={"region": "01"}, made_by=carla)
    plan = make_plan(carla)
    ideas = [add_row(carlas, plan, "B", possibility="cross_sell", idea="Zubehör", target=target) for target in ("sachsen", "alle", "")]
    carlas.post(reverse("plans:refresh", args=["sales", plan.pk]))
    assert [cell(idea, "customers") for idea in ideas] == ["1", "2", "2"]


def test_the_night_brings_the_figures_of_living_plans_up_to_date(carlas, carla, anna):
    living, frozen = make_plan(carla), make_plan(carla)
    carlas.post(reverse("plans:freeze", args=["sales", frozen.pk]))
    opportunity_acts.contact(actor=anna, opportunity=reason_of(make_callable(anna)))
    for _run in range(2):
        jobs.run(jobs.request("refresh_plans").pk)
    assert [cell(row_of(plan, "0"), "contacts") for plan in (living, frozen)] == ["1", "0"]


def test_a_contact_that_was_taken_back_counts_nothing(carla, anna):
    customer = make_callable(anna)
    answer = opportunity_acts.contact(actor=anna, opportunity=reason_of(customer))
    opportunity_acts.undo(actor=anna, answers=[answer])
    assert cell(row_of(make_plan(carla), "0"), "contacts") == "0"


def test_who_writes_over_a_change_not_seen_sees_whose_it_is(client, carlas, carla, anna):
    plan = make_plan(carla)
    row = add_row(carlas, plan, "B", idea="Schulung anbieten", possibility="after_sales")
    mine = write(carlas, plan, row, "idea", "Schulung und Wartung", version=1)
    assert mine.status_code == 200
    client.force_login(factories.make_user("mia", Role.MARKETING, first_name="Mia", last_name="Wolf"))
    stale = write(client, plan, row, "idea", "Nur Wartung", version=1)
    assert stale.status_code == 409
    told = stale.content.decode()
    assert "Carla Sommer, heute" in told
    assert "Schulung und Wartung" in told
    assert "Nur Wartung" in told
    assert cell(row, "idea") == "Schulung und Wartung"
    assert write(client, plan, row, "idea", "Schulung und Wartung", version=1).status_code == 200  # the same words are no conflict
    assert write(client, plan, row, "idea", "Nur Wartung", version=2).status_code == 200
    assert write(client, plan, row, "effort", "viel").status_code == 422
    assert write(client, plan, row, "customers", "9").status_code == 404  # bound


def test_a_row_as_a_form_keeps_both_texts_side_by_side(carlas, carla, bernd):
    plan = make_plan(carla)
    row = add_row(carlas, plan, "D", situation="Messe", days="3")
    url = reverse("plans:row", args=["sales", plan.pk, row.pk])
    seen = {f"version-{name}": 1 for name in ("situation", "days")} | {"was-situation": "Messe", "was-days": "3"}
    assert write(carlas, plan, row, "days", "4", version=1).status_code == 200
    answer = carlas.post(url, {**seen, "situation": "Messe in Köln", "days": "5"})
    assert answer.status_code == 409
    assert [cell(row, name) for name in ("situation", "days")] == ["Messe in Köln", "4"]
    assert "Carla Sommer" in answer.content.decode()
    form = text(carlas.get(reverse("plans:row", args=["sales", plan.pk, row_of(plan, "A", 2).pk])))
    assert "Möglichkeit Cross-Selling Kontakte 0 Aufträge 0 Umsatz 0 €" in form.replace(
        "\xa0", " "
    )  # which row it is, and what the data say


def test_reps_add_ideas_and_change_their_own_alone(client, annas, anna, carla):
    plan = make_plan(carla)
    idea = add_row(annas, plan, "B", idea="Nachfragen nach der Lieferung")
    assert idea.made_by == anna
    assert write(annas, plan, idea, "effort", "2,5").status_code == 200
    assert write(annas, plan, row_of(plan, "A"), "done", "alles").status_code == 403
    assert annas.post(reverse("plans:row_add", args=["sales", plan.pk, "C"]), {"measure": "x"}).url == reverse(
        "plans:detail", args=["sales", plan.pk]
    )
    assert not plan.rows.filter(section="C").exists()
    page = text(annas.get(reverse("plans:detail", args=["sales", plan.pk])))
    assert "Die anderen schreiben Vertriebsleitung und Marketing; Ideen reicht jeder ein, der verkauft." in page
    assert "Weiße sind frei" not in page


def test_each_template_says_what_its_first_plan_is_good_for(carlas):
    page = text(carlas.get(reverse("plans:list")))
    assert "Er sammelt, was getan wird" in page
    assert "Er sammelt, wer sich als Referenz oder Empfehler eignet" in page


def test_a_row_becomes_one_measure_and_stays_linked(carlas, carla, anna):
    plan = make_plan(carla)
    row = add_row(carlas, plan, "C", measure="Reiniger nachfassen", possibility="reorder", owner=str(anna.pk), starts_on="01.12.2026",
                  ends_on="31.12.2026", goal_revenue="5.000", remind_on="15.12.2026")  # fmt: skip
    url = reverse("plans:row_measure", args=["sales", plan.pk, row.pk])
    first, second = carlas.post(url), carlas.post(url)
    measure = Measure.objects.get()
    assert first.url == second.url == reverse("measures:detail", args=[measure.pk])
    assert (measure.owner, measure.possibility, measure.goal_revenue) == (anna, "reorder", Decimal("5000.00"))
    assert (measure.starts_on, measure.remind_on) == (dt.date(2026, 12, 1), dt.date(2026, 12, 15))
    assert first.url in carlas.get(reverse("plans:detail", args=["sales", plan.pk])).content.decode()
    empty = row_of(plan, "C") if plan.rows.filter(section="C").count() > 1 else plan.rows.create(section="C", position=9)
    carlas.post(reverse("plans:row_measure", args=["sales", plan.pk, empty.pk]))
    assert Measure.objects.count() == 1


def test_an_idea_becomes_one_campaign_for_the_customers_it_names(carlas, carla):
    Segment.objects.create(name="A-Kunden", criteria={"abc": ["A"]}, made_by=carla)
    plan = make_plan(carla)
    row = add_row(carlas, plan, "B", idea="Pads zur Maschine", possibility="campaign", target="a-kunden")
    url = reverse("plans:row_campaign", args=["sales", plan.pk, row.pk])
    first, second = carlas.post(url), carlas.post(url)
    campaign = Campaign.objects.get()
    assert first.url == second.url == reverse("campaigns:detail", args=[campaign.pk])
    assert (campaign.name, campaign.starts_on, campaign.owner) == ("Pads zur Maschine", plan.starts_on, carla)
    assert (campaign.criteria, campaign.control_share) == ({"abc": ["A"]}, 0)  # of so few customers none is left alone
    assert f'href="{first.url}">Aktion: Entwurf' in carlas.get(reverse("plans:detail", args=["sales", plan.pk])).content.decode()


def test_a_period_that_cannot_be_read_is_said_at_its_own_template_alone(carlas, carla):
    answer = carlas.post(reverse("plans:list"), {"kind": "references", "starts_on": "bald", "ends_on": "31.12.2026", "team": ""})
    page = answer.content.decode()
    assert (answer.status_code, page.count("„bald“ ist kein Datum"), page.count('value="bald"')) == (422, 1, 1)
    assert page.index("„bald“ ist kein Datum") > page.index('id="template-references"')


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_proposed_period_is_taken_as_it_stands(carlas, carla, language):
    carla.language = language
    carla.save()
    first, last = carlas.get(reverse("plans:list")).context["proposed"]
    assert carlas.post(reverse("plans:list"), {"kind": "sales", "starts_on": first, "ends_on": last, "team": ""}).status_code == 302


def test_margins_leave_neither_page_nor_workbook_for_those_who_may_not_see_them(client, carla):
    plan = make_plan(carla)
    client.force_login(factories.make_user("mia", Role.MARKETING))
    page = client.get(reverse("plans:detail", args=["sales", plan.pk])).content.decode()
    book = filled(client.get(reverse("plans:export", args=["sales", plan.pk])).content)
    assert "Ziel: Umsatz" in page
    assert "Ziel: DB" not in page
    assert "Ziel: DB" not in [one.value for row in book["0"].iter_rows() for one in row]
    assert write(client, plan, row_of(plan, "0"), "goal_margin", "1").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_two_clicks_on_copy_make_one_copy(carla):
    plan = make_plan(carla)
    (first, is_new), (second, is_second_new) = both(*[lambda: acts.copy(actor=carla, kind=SALES, source=plan)] * 2)
    assert (second, is_new, is_second_new) == (first, True, False)
    assert SalesPlan.objects.count() == 2


def test_frozen_a_plan_is_read_and_copied_not_changed(carlas, carla):
    plan = make_plan(carla, starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 3, 31))
    row = add_row(carlas, plan, "C", measure="Anrufen", starts_on="15.01.2027", ends_on="31.03.2027", state="done")
    carlas.post(reverse("plans:freeze", args=["sales", plan.pk]))
    assert write(carlas, plan, row, "measure", "Schreiben", version=1).status_code == 422
    page = carlas.get(reverse("plans:detail", args=["sales", plan.pk]))
    assert 'data-cell="measure"' not in page.content.decode()
    assert "Festgeschrieben: Jede Zelle steht, wie sie an diesem Tag war" in text(page)
    assert "Weiße sind frei" not in text(page)
    carlas.post(reverse("plans:copy", args=["sales", plan.pk]))
    copied = SalesPlan.objects.exclude(pk=plan.pk).get()
    assert (copied.starts_on, copied.ends_on, copied.copied_from) == (dt.date(2027, 4, 1), dt.date(2027, 6, 30), plan)
    said = [cell(row_of(copied, "C"), name) for name in ("measure", "starts_on", "ends_on", "state")]
    assert said == ["Anrufen", "2027-04-15", "2027-06-30", "planned"]  # within its period, and not begun
    again = carlas.post(reverse("plans:copy", args=["sales", plan.pk]), follow=True)
    assert again.redirect_chain == [(reverse("plans:detail", args=["sales", copied.pk]), 302)]
    assert "wurde schon auf 01.04.2027–30.06.2027 kopiert" in text(again)
    assert SalesPlan.objects.count() == 2


def test_the_situations_a_plan_begins_with_are_read_in_the_readers_language(carlas, carla):
    german, english = "Kunde erwartet das persönliche Gespräch", "The customer expects a personal talk"
    plan = make_plan(carla)
    first, own = row_of(plan, "D"), add_row(carlas, plan, "D", situation="Messe in Köln")
    url = reverse("plans:detail", args=["sales", plan.pk])
    assert german in text(carlas.get(url))
    carla.language = "en"
    carla.save()
    page = carlas.get(url)
    assert f'data-typed="{english}"' in page.content.decode()
    assert "Messe in Köln" in text(page)
    stored = dict(SalesPlanCell.objects.values_list("pk", "value"))
    book = filled(carlas.get(reverse("plans:export", args=["sales", plan.pk])).content)
    top, columns = heads(book["D"])
    assert book["D"].cell(top + 1, columns["Situation"]).value == english
    assert "Nothing in the file differs" in text(carlas.post(*uploading(plan, book), follow=True))
    assert write(carlas, plan, first, "situation", english, version=1).status_code == 200
    assert dict(SalesPlanCell.objects.values_list("pk", "value")) == stored
    carlas.post(reverse("plans:copy", args=["sales", plan.pk]))
    copied = SalesPlan.objects.exclude(pk=plan.pk).get()
    carla.language = "de"
    carla.save()
    assert german in text(carlas.get(reverse("plans:detail", args=["sales", copied.pk])))
    assert cell(own, "situation") == "Messe in Köln"


def test_a_row_taken_out_comes_back(carlas, carla):
    plan = make_plan(carla)
    row = row_of(plan, "D")
    carlas.post(reverse("plans:row_remove", args=["sales", plan.pk, row.pk]))
    assert row_of(plan, "D").pk != row.pk
    carlas.post(reverse("plans:row_restore", args=["sales", plan.pk, row.pk]))
    assert row_of(plan, "D").pk == row.pk


def test_the_sheet_takes_as_many_queries_for_many_rows_as_for_one(carlas, carla, django_assert_num_queries):
    plan = make_plan(carla)
    url = reverse("plans:detail", args=["sales", plan.pk])
    add_row(carlas, plan, "B", idea="Erste")
    carlas.get(url)
    with django_assert_num_queries(10):
        carlas.get(url)
    for number in range(3):
        add_row(carlas, plan, "B", idea=f"Idee {number}")
    carlas.get(url)
    with django_assert_num_queries(10):
        carlas.get(url)
