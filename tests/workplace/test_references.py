"""The pages of references: the list, the way through the states, releases, uses, and what no page hands out."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from innendienst.lib.dates import next_working_day
from referrals import moments, releasing, suggesting, using
from referrals.models import ReferenceCustomer
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import answer, make_wave
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_reference, make_released, proof
from tests.workplace.acting import act, detail

TODAY = timezone.localdate

pytestmark = pytest.mark.django_db


def test_an_empty_list_says_how_it_fills(annas):
    assert "Noch keine Referenzkunden." in text_of(annas.get("/references/"))


def test_a_customer_is_taken_up_rated_and_asked(annas, anna):
    customer = make_buyer(anna)
    page = text_of(annas.get(reverse("references:of", args=[customer.pk])))
    assert "ist noch kein Kandidat" in page
    annas.post(reverse("references:take_up", args=[customer.pk]))
    reference = ReferenceCustomer.objects.for_system("test").get()
    rated = annas.post(
        reverse("references:rate", args=[reference.pk]),
        {"open_minded": "3", "well_disposed": "3", "well_connected": "3", "is_well_known": "on"},
        follow=True,
    )
    assert "Bewertet: 90 von 100." in text_of(rated)
    assert "eignet sich als Referenz und kann gefragt werden." in text_of(act(annas, reference, "qualify"))
    until = TODAY() + dt.timedelta(days=14)
    page = text_of(act(annas, reference, "ask", contact=customer.contacts.get().pk, until=until.isoformat()))
    assert f"wurde gefragt und hat Bedenkzeit bis {until:%d.%m.%Y}. Vorher fragt niemand nach." in page
    reference.refresh_from_db()
    assert (reference.state, reference.asked_by, reference.contact) == ("thinking", anna, customer.contacts.get())


def test_what_to_say_speaks_to_the_person_who_is_to_be_asked(annas, anna):
    reference = make_reference(anna, contact=None, customer=make_buyer(anna))
    page = annas.get(detail(reference))
    assert "Guten Tag Frau Müller, Sie arbeiten" in text_of(page)
    talked_to = factories.make_contact(reference.customer, "Weiß", salutation="mr")
    reference.contact = talked_to
    reference.save()
    assert "Guten Tag Herr Weiß, Sie arbeiten" in text_of(annas.get(detail(reference)))
    ReferenceCustomer.objects.for_system("test").update(state="qualified")
    page = annas.get(detail(reference)).text
    assert f'<option value="{talked_to.pk}" selected>' in page


def test_a_second_rep_reads_who_asked_and_until_when_he_waits(client, anna, bernd):
    reference = make_reference(anna, "thinking")
    client.force_login(bernd)
    page = text_of(act(client, reference, "give_time", until="+30"))
    assert f"wird seit {TODAY():%d.%m.%Y} von Anna Lang angesprochen" in page
    reference.refresh_from_db()
    assert reference.thinking_until == TODAY() + dt.timedelta(days=14)


def test_an_old_page_moves_nothing(annas, anna):
    reference = make_reference(anna, "candidate")
    page = annas.post(reverse("references:act", args=[reference.pk]), {"act": "qualify", "version": 99}, follow=True)
    assert "Jemand war schneller" in text_of(page)
    reference.refresh_from_db()
    assert reference.state == "candidate"


def test_what_is_missing_comes_back_with_what_was_typed(annas, anna):
    reference = make_reference(anna, "asked")
    page = annas.post(reverse("references:act", args=[reference.pk]), {"act": "give_time", "version": 1, "until": "31.02."})
    assert page.status_code == 422
    assert "31.02." in text_of(page)


def test_the_last_step_is_undone_by_a_click(annas, anna):
    reference = make_reference(anna, "candidate")
    act(annas, reference, "qualify")
    step = reference.transitions.get(to_state="qualified")
    annas.post(reverse("references:undo", args=[step.pk]))
    reference.refresh_from_db()
    assert reference.state == "candidate"


def test_finding_by_industry_product_kind_and_free_load(annas, anna, carla):
    call = make_released(anna, carla, "reference_call", ("talk",), name="Hotel Ruhe")
    make_released(anna, carla, "logo", name="Hotel Logo")
    make_released(anna, carla, "reference_call", ("talk",), name="Hotel Frei")
    make_released(anna, carla, "reference_call", ("talk",), name="Hotel Nie", per_quarter_most=0)
    using.log_use(actor=anna, scope=call, place="talk", prospect=make_buyer(anna), on=TODAY())

    def names(query: str) -> list[str]:
        rows = annas.get(f"/references/?{query}&sort=customer").context["page"].rows
        return [row.customer for row in rows]

    assert names("industry=hot") == ["Hotel Frei", "Hotel Logo", "Hotel Nie", "Hotel Ruhe"]
    assert names("kind=reference_call") == ["Hotel Frei", "Hotel Nie", "Hotel Ruhe"]
    assert names("free=true") == ["Hotel Frei"]
    assert names("free=true&kind=site_visit") == []
    assert names("product=Reiniger") == []
    assert names("q=ruhe") == ["Hotel Ruhe"]


def test_who_may_not_know_answers_is_told_no_more_than_not_now(client, anna, bernd):
    reference = make_reference(anna, "qualified")
    wave = make_wave("Herbst")
    reference.customer.nps_responses.create(wave=wave, rating=2, channel="phone", answered_on=TODAY())
    for user, sentence in ((anna, "kritische Antwort"), (bernd, "kennt den Grund")):
        client.force_login(user)
        page = text_of(client.get(detail(reference)))
        assert sentence in page
        assert ("2 von 10" in page) is (user == anna)


def test_the_list_asks_as_often_for_three_as_for_one(annas, anna, carla, django_assert_max_num_queries):
    make_released(anna, carla)
    with django_assert_max_num_queries(30) as one:
        annas.get("/references/")
    make_released(anna, carla), make_released(anna, carla, "reference_call", ("talk",))
    with django_assert_max_num_queries(len(one.captured_queries)):
        annas.get("/references/")


@pytest.mark.parametrize("options", [{}, {"is_dark": True, "width": 390}], ids=["light", "dark-phone"])
def test_the_pages_of_references_are_accessible(live_page, anna, carla, options):
    scope = make_released(anna, carla)
    using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY())
    early = make_reference(anna, "qualified")
    page = live_page(carla, **options)
    for address in (
        "/references/",
        detail(scope.reference),
        detail(early),
        "/references/library/",
        reverse("references:of", args=[make_buyer(anna).pk]),
    ):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_the_five_questions_show_evidence_and_rate_in_place(annas, anna):
    customer = make_buyer(anna)
    page = annas.get("/references/questions/regular/")
    assert f"Kunde seit {customer.customer_since.year}, 8 Aufträge in 12 Monaten" in text_of(page)
    said = {"open_minded": "3", "well_disposed": "3", "well_connected": "3", "question": "regular"}
    page = annas.post(reverse("references:rate_in_list", args=[customer.pk]), said, follow=True)
    assert "75 von 100" in text_of(page)
    for question in ("completed", "made_good", "recommend", "name"):
        assert annas.get(f"/references/questions/{question}/").status_code == 200
    assert annas.get("/references/questions/sixth/").status_code == 404
    make_recommender(anna)
    assert "Empfiehlt uns; hat noch niemanden genannt." in text_of(annas.get("/references/questions/name/"))


def test_a_question_asks_as_often_for_three_as_for_one(annas, anna, django_assert_num_queries):
    """A list of parts asks once for each; who may know answers, and which moments there were, is asked beyond that."""
    queries = {"regular": 9, "completed": 10, "made_good": 10, "recommend": 13, "name": 10}
    wave = make_wave("Herbst", day=TODAY())
    for count in (1, 2):
        for _index in range(count):
            customer = make_reference(anna, well_disposed=3, well_connected=3).customer
            answer(wave, customer, 9)
            for kind in ("delivery", "complaint"):
                days = {"occasion_on": TODAY(), "opens_on": TODAY(), "valid_until": TODAY()}
                customer.reference_moments.create(kind=kind, value=6000, **days)
        for question, expected in queries.items():
            address = f"/references/questions/{question}/"
            assert len(annas.get(address).context["page"].rows) == 2 * count - 1
            with django_assert_num_queries(expected):
                annas.get(address)


def test_a_right_moment_says_why_on_the_card(annas, anna):
    customer = make_buyer(anna)
    annas.post(reverse("references:mark", args=[customer.pk]))
    suggesting.suggest(next_working_day(TODAY()))
    assert "Guter Zeitpunkt für die Referenzfrage: wirkte zufrieden am" in text_of(annas.get(customer.get_absolute_url()))


@pytest.mark.parametrize("options", [{}, {"is_dark": True, "width": 390}], ids=["light", "dark-phone"])
def test_a_rep_asks_for_a_reference_after_a_finished_project(live_page, anna, carla, options):
    """Story 5: the moment on the card, the question, time to think as a lock, the release filed before marketing sees the logo."""
    customer = make_buyer(anna, "Hotel Ruhe")
    moments.mark_impression(actor=anna, customer=customer, today=TODAY())
    suggesting.suggest(next_working_day(TODAY()))
    page = live_page(anna, **options)
    page.goto(customer.get_absolute_url())
    page.locator(".why", has_text="Guter Zeitpunkt").get_by_role("link", name="Öffnen").click()
    page.get_by_role("button", name="Als Kandidat aufnehmen").click()
    page.get_by_role("button", name="Als geeignet einstufen").click()
    page.get_by_role("button", name="Um Referenz bitten").click()
    expect(page.get_by_text("Bedenkzeit bis").first).to_be_visible()
    expect(page.get_by_role("button", name="Um Referenz bitten")).to_have_count(0)
    page.get_by_role("button", name="Kunde sagt zu").click()
    page.get_by_label("Internet").check()
    page.get_by_role("button", name="Vereinbarung festhalten").click()
    expect(page.get_by_text("Schriftliche Freigabe fehlt")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.goto("/references/library/")
    expect(page.get_by_text("Noch ist nichts freigegeben.")).to_be_visible()
    scope = ReferenceCustomer.objects.for_system("test").get().scopes.get()
    releasing.release(actor=carla, scope=scope, proof=proof())
    page.reload()
    expect(page.get_by_role("link", name="Hotel Ruhe")).to_be_visible()
    page.goto("/references/questions/regular/")
    assert_accessible(page)
