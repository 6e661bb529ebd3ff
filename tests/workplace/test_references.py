"""The pages of references: the list, the way through the states, releases, uses, and what no page hands out."""

import datetime as dt
from io import BytesIO

import pytest
import python_calamine as calamine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from innendienst.lib import display
from innendienst.lib.dates import next_working_day
from referrals import asking, moments, releasing, suggesting, using
from referrals.models import PublishedText, ReferenceCustomer, ReferenceUse
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import answer, make_wave
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_reference, make_released, proof

TODAY = timezone.localdate

pytestmark = pytest.mark.django_db


def detail(reference) -> str:
    return reverse("references:detail", args=[reference.pk])


def act(client, reference, name: str, **more):
    reference.refresh_from_db()
    return client.post(reverse("references:act", args=[reference.pk]), {"act": name, "version": reference.version, **more}, follow=True)


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


def test_a_release_is_filed_and_used_and_thanked_for(client, anna, carla):
    reference = make_reference(anna, "agreed")
    client.force_login(carla)
    client.post(reverse("references:scope_add", args=[reference.pk]), {"kind": "logo", "places": ["web", "offer"]})
    scope = reference.scopes.get()
    refused = client.post(reverse("references:scope_release", args=[scope.pk]), {})
    assert "Schriftliche Freigabe: Wählen Sie die Datei" in text_of(refused)
    page = client.post(reverse("references:scope_release", args=[scope.pk]), {"proof": proof()}, follow=True)
    assert "Logo freigegeben für: Internet, Angebote." in text_of(page)
    client.force_login(anna)
    prospect = factories.make_listed("Neugier AG")
    page = client.post(reverse("references:use_add", args=[scope.pk]), {"place": "offer", "prospect": "Neugier"}, follow=True)
    assert "Einsatz Logo eingetragen." in text_of(page)
    use = ReferenceUse.objects.for_system("test").get()
    assert use.prospect == prospect
    client.post(reverse("references:use_feedback", args=[use.pk]), {"outcome": "helped"})
    client.post(reverse("references:use_thank", args=[use.pk]), {"how": "call"})
    assert not ReferenceUse.objects.for_system("test").owing(TODAY()).exists()


def test_a_refused_use_says_what_is_allowed(annas, anna, carla):
    scope = make_released(anna, carla)
    page = annas.post(reverse("references:use_add", args=[scope.pk]), {"place": "print"}, follow=True)
    assert "ist freigegeben für: Internet, Angebote." in text_of(page)
    page = annas.post(reverse("references:use_add", args=[scope.pk]), {"place": "web", "prospect": "Niemand"})
    assert "heißt „Niemand“" in text_of(page)
    assert not ReferenceUse.objects.for_system("test").exists()


def test_a_refused_use_keeps_what_was_typed(annas, anna, carla):
    scope = make_released(anna, carla)
    typed = {"place": "print", "prospect": "Neugier AG", "used_on": "+3"}
    factories.make_listed("Neugier AG")
    page = annas.post(reverse("references:use_add", args=[scope.pk]), typed)
    assert page.status_code == 422
    assert 'value="Neugier AG"' in page.text
    assert 'value="+3"' in page.text
    assert '<option value="print" selected>' in page.text


def test_a_use_is_planned_ahead_and_owes_nothing_before_its_day(annas, anna, carla):
    scope = make_released(anna, carla, "reference_call", ("talk",))
    factories.make_listed("Neugier AG")
    day = TODAY() + dt.timedelta(days=10)
    typed = {"place": "talk", "prospect": "Neugier AG", "used_on": day.isoformat()}
    page = annas.post(reverse("references:use_add", args=[scope.pk]), typed, follow=True)
    assert f"Einsatz {scope.get_kind_display()} geplant für {display.date(day)}." in text_of(page)
    use = ReferenceUse.objects.for_system("test").get()
    assert use.used_on == day
    assert not ReferenceUse.objects.for_system("test").owing(TODAY()).exists()
    assert annas.post(reverse("references:use_thank", args=[use.pk]), {"how": "call"}).status_code == 404
    page = annas.post(reverse("references:use_call_off", args=[use.pk]), follow=True)
    assert f"Der Einsatz {scope.get_kind_display()} am {display.date(day)} ist aus dem Plan genommen." in text_of(page)
    assert not ReferenceUse.objects.for_system("test").exists()


@pytest.mark.parametrize("how", ["kind", "all", "end"])
def test_what_was_planned_falls_away_with_the_release(anna, carla, how):
    scope = make_released(anna, carla)
    for days in (0, 10):
        using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY() + dt.timedelta(days=days))
    reference = ReferenceCustomer.objects.for_system("test").get()
    match how:
        case "kind":
            releasing.withdraw_scope(actor=anna, scope=scope)
        case "all":
            asking.withdraw(actor=anna, reference=reference)
        case "end":
            releasing.expire(actor=None, reference=reference)
    assert [use.used_on for use in ReferenceUse.objects.for_system("test")] == [TODAY()]


def test_feedback_and_thanks_owed_for_uses_stand_where_those_for_recommendations_do(annas, anna, carla):
    scope = make_released(anna, carla, name="Hotel Adler")
    for days in (-3, 3):
        using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY() + dt.timedelta(days=days))
    uses = annas.get(reverse("referrals:list"), {"group": "owed"}).context["uses"]
    assert [(use.customer, use.used_on) for use in uses] == [("Hotel Adler", display.date(TODAY() - dt.timedelta(days=3)))]
    assert "Rückmeldung, Dank" in uses[0].owed
    assert annas.get(reverse("referrals:list")).context["uses"] == []


def test_a_call_is_for_somebody_and_the_library_names_its_limits(annas, anna, carla):
    scope = make_released(anna, carla, "reference_call", ("talk",), no_competitors=True)
    page = annas.post(reverse("references:use_add", args=[scope.pk]), {"place": "talk"}, follow=True)
    assert "Geben Sie unter „Für wen“ Name oder Nummer ein." in text_of(page)
    assert not ReferenceUse.objects.for_system("test").exists()
    assert "nicht für Wettbewerber, höchstens 2 pro Quartal" in text_of(annas.get("/references/library/"))


def test_gifts_above_the_limit_are_pointed_out(annas, anna, carla):
    use = using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=TODAY())
    page = annas.post(reverse("references:use_thank", args=[use.pk]), {"how": "gift", "value": "50,01"}, follow=True)
    assert "50,01" in text_of(page)
    assert "Regeln im Haus des Empfängers" in text_of(page)


@pytest.mark.parametrize("how", ["withdraw", "scope", "ended"])
def test_never_a_page_or_export_hands_out_what_is_not_released(annas, anna, carla, how):
    """The list by kind, the workbook, the library and the file itself: there while it is released, gone at once afterwards."""
    scope = make_released(anna, carla, "letter", ("offer",), name="Briefe GmbH")
    text = releasing.publish(actor=carla, scope=scope, text="Streng geheim", approved_on=TODAY(), file=proof())
    addresses = (
        "/references/?kind=letter",
        "/references/library/",
        detail(scope.reference),
        reverse("references:published_file", args=[text.pk]),
    )

    def seen() -> list[bool]:
        listed, library, page, file = (annas.get(address) for address in addresses)
        if file.streaming:
            assert b"".join(file.streaming_content).startswith(b"%PDF")  # read to its end it is closed
        book = calamine.load_workbook(BytesIO(annas.get("/references/export/?state=all").content)).get_sheet_by_index(0).to_python()
        return [
            "Briefe GmbH" in text_of(listed),
            "Streng geheim" in text_of(library),
            "Streng geheim" in text_of(page),
            file.status_code == 200,
            "Empfehlungsschreiben" in str(book),
        ]

    assert seen() == [True] * 5
    if how == "withdraw":
        asking.withdraw(actor=anna, reference=scope.reference)
    elif how == "scope":
        releasing.withdraw_scope(actor=anna, scope=scope)
    else:
        type(scope).objects.update(valid_until=TODAY() - dt.timedelta(days=1))
    assert seen() == [False] * 5
    assert PublishedText.objects.count() == 1


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
