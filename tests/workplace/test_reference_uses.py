"""Releases and uses on the page of a reference and in the library: what is allowed, what is owed afterwards."""

import datetime as dt
from io import BytesIO

import pytest
import python_calamine as calamine
from django.urls import reverse
from django.utils import timezone

from innendienst.lib import display
from referrals import asking, releasing, using
from referrals.models import PublishedText, ReferenceCustomer, ReferenceUse
from tests import factories
from tests.reading import text as text_of
from tests.referrals.scenes import make_reference, make_released, proof
from tests.workplace.acting import detail

TODAY = timezone.localdate

pytestmark = pytest.mark.django_db


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
