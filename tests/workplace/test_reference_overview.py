"""What the management reads of references: pipeline, what is owed by age, gaps, what referrals brought, and promoters' way."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role
from customers import purchases
from customers.industries import refresh_industries
from referrals import contacting, naming, releasing, using
from referrals.models import ReferenceCustomer
from referrals.overview import by_industry, by_product_group, owed
from referrals.releasing import Terms
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import add_answers, answer, make_wave
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_reference, make_referral, make_released

TODAY = timezone.localdate
OVERVIEW = "/references/overview/"

pytestmark = pytest.mark.django_db


def won(anna, name: str, *, revenue: int, margin: int | None, recommender=None):
    referral = make_referral(anna, recommender, last_name=name, company=f"{name} GmbH")
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    contacting.call_first(actor=anna, referral=referral, outcome="reached")
    contacting.win(actor=anna, referral=referral, won_on=TODAY())
    facts = referral.customer.facts
    facts.revenue_12m, facts.margin_12m = revenue, margin
    facts.save()
    return referral


def test_an_empty_page_leads_to_the_five_questions(carlas):
    page = text_of(carlas.get(OVERVIEW))
    assert "Beginnen Sie mit den fünf Fragen" in page
    assert "Allen ist gedankt" in page
    assert "Noch niemand wurde durch Empfehlung gewonnen." in page


def test_what_is_owed_is_counted_by_how_late_it_is(anna, carla):
    """Ten working days after a use of 1 March thanks are due on the 15th; five more are "up to 5", eleven more are the last."""
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC), tick=False):
        using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=TODAY())
        referral = make_referral(anna)
    days = [*(dt.date(2027, 3, day) for day in (15, 16, 22, 23, 31)), dt.date(2027, 4, 1)]
    seen = {day: owed(day)["thanks"] for day in days}
    assert [one.by_age.index(1) for one in seen.values()] == [0, 1, 1, 2, 2, 3]  # Good Friday and Easter Monday lie between
    assert {one.oldest_on for one in seen.values()} == {dt.date(2027, 3, 15)}
    assert owed(dt.date(2027, 3, 30))["art14"].oldest_on == dt.date(2027, 3, 30)
    contacting.informed(actor=anna, referral=referral)
    assert owed(dt.date(2027, 3, 30))["art14"].total == 0
    assert owed(dt.date(2027, 3, 30))["proof"].total == 0
    terms = Terms("quote", ["web"])
    releasing.agree_scope(actor=anna, reference=ReferenceCustomer.objects.for_system("test").get(), terms=terms)
    assert owed(dt.date(2027, 3, 30))["proof"].total == 1


def test_gaps_are_industries_and_goods_without_a_reference_in_use(anna, carla):
    shown = make_released(anna, carla).reference
    make_reference(anna, "agreed", customer=make_buyer(anna, industry="Klinik", facts={"revenue_12m": 90_000}))
    make_buyer(anna, industry="")
    sold, unsold = factories.make_group("Maschinen"), factories.make_group("Pads")
    factories.make_order(shown.customer, TODAY() - dt.timedelta(days=9), (factories.make_product(group=sold), 1, 100))
    purchases.refresh([shown.customer_id], TODAY())
    found = [("Klinik", 1, 0, 1), ("Hotel", 1, 1, 0)]
    assert [(one.name, one.customers, one.usable, one.coming) for one in by_industry(carla)] == found
    assert (refresh_industries(), refresh_industries()) == ({"IndustrySum": 2}, {"IndustrySum": 0})
    assert [(one.name, one.customers, one.usable, one.coming) for one in by_industry(carla)] == found
    make_reference(anna, "agreed", customer=make_buyer(anna, industry="Schule", facts={"revenue_12m": 100_000}))
    make_buyer(anna, industry="Schule", lifecycle="lead")
    added = ("Schule", 1, 0, 1)  # since the sums were counted
    assert [(one.name, one.customers, one.usable, one.coming) for one in by_industry(carla)] == [added, *found]
    assert [(one.name, one.usable) for one in by_product_group(carla)] == [(unsold.name, 0), (sold.name, 1)]


def test_revenue_and_margin_of_customers_won_are_counted_once_per_customer(client, carla, anna, bernd):
    recommender = make_recommender(anna)
    first = won(anna, "Erst", revenue=1200, margin=300, recommender=recommender)
    won(anna, "Zweit", revenue=800, margin=200, recommender=recommender)
    again = naming.make_recommender(actor=bernd, contact=make_buyer(bernd).contacts.get())
    type(first).objects.create(
        recommender=again,
        customer=first.customer,
        contact=first.contact,
        owner=bernd,
        named_on=TODAY(),
        state="customer_won",
        won_on=TODAY(),
    )
    client.force_login(carla)
    page = client.get(OVERVIEW)
    total = page.context["brought"].total
    assert (total.count, total.revenue, total.margin) == (2, 2000, 500)
    assert "2.000 €" in text_of(page).replace("\u00a0", " ")
    client.force_login(factories.make_user("nora", Role.MARKETING))
    page = client.get(OVERVIEW)
    assert not page.context["shows_margin"]
    assert "500 €" not in text_of(page).replace("\u00a0", " ")


def test_promoters_on_their_way_to_references_are_counted_on_the_page_of_the_survey(carlas, anna):
    wave = make_wave("Herbst", day=TODAY() - dt.timedelta(days=30))
    promoter, passive = make_reference(anna, "asked"), make_reference(anna, "asked", name="Mittel AG")
    answer(wave, promoter.customer, 9)
    answer(wave, passive.customer, 8)
    few = text_of(carlas.get("/nps/"))
    assert "Von Promotoren zu Referenzen" not in few  # one of two: everybody would know who
    add_answers(wave, {10: 6, 3: 2})
    assert "1 Kunde seither um Referenz gebeten, 0 zugesagt" in text_of(carlas.get("/nps/"))
    type(wave).objects.update(shows_names=False)
    assert "Von Promotoren zu Referenzen" not in text_of(carlas.get("/nps/"))


def test_the_page_takes_as_many_queries_for_many_as_for_one(carlas, anna, carla, django_assert_max_num_queries):
    using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=TODAY())
    won(anna, "Erst", revenue=1, margin=1)
    with django_assert_max_num_queries(30) as one:
        carlas.get(OVERVIEW)
    using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=TODAY() - dt.timedelta(days=3))
    won(anna, "Zweit", revenue=1, margin=1, recommender=naming.make_recommender(actor=anna, contact=make_buyer(anna).contacts.get()))
    with django_assert_max_num_queries(len(one.captured_queries)):
        carlas.get(OVERVIEW)


@pytest.mark.parametrize("options", [{}, {"is_dark": True, "width": 390}], ids=["light", "dark-phone"])
def test_the_overview_is_accessible(live_page, carla, anna, options):
    using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=TODAY())
    won(anna, "Erst", revenue=1, margin=None)
    page = live_page(carla, **options)
    page.goto(OVERVIEW)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
