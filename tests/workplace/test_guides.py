"""The page of the call guide."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from campaigns.models import CallGuide
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.factories import make_user
from tests.reading import text
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.django_db

URL = "/opportunities/guides/"
REORDER = f"{URL}reorder/"


def typed(page, **changes) -> dict:
    """What the browser sends: the texts as they stand in the form."""
    form = page.context["form"]
    return {"language": "de", **{name: form[name].value() for name in form.fields}, **changes}


def test_a_manager_puts_words_of_the_house_in_place_and_the_card_says_them(carlas, anna):
    customer = make_callable(anna, "Nord")
    assert "Nachkauf" in text(carlas.get(URL))
    page = carlas.get(REORDER)
    assert page.context["form"]["opening.due"].value() == "{Begrüßung}, Ihr Vorrat an {Artikel} müsste bald zur Neige gehen."
    changed = {"opening.due": "{Begrüßung}, {artikel} geht zur Neige.", "argument": "Kommt morgen."}
    heard = carlas.post(f"{REORDER}preview/", typed(page, **changed))
    assert "Guten Tag Frau Weber, Reiniger R10 geht zur Neige. Soll ich wieder 12 Kanister einplanen" in text(heard)
    assert not CallGuide.objects.exists()
    page = carlas.post(REORDER, typed(page, **changed), follow=True)
    assert "Gesprächsleitfaden „Nachkauf“ gespeichert." in text(page)
    assert CallGuide.objects.get().texts == {"opening.due": "{greeting}, {article} geht zur Neige.", "argument": "Kommt morgen."}
    card = text(carlas.get(customer.get_absolute_url()))
    assert "Guten Tag Herr Müller, Reiniger R10 geht zur Neige." in card
    assert "Kommt morgen." in card
    assert "alle Artikel (Deutsch)" in text(carlas.get(URL))
    carlas.post(REORDER, typed(carlas.get(f"{REORDER}?default=1")))
    assert CallGuide.objects.get().texts == {}


def test_what_cannot_be_filled_in_is_named_with_what_can(carlas):
    page = carlas.post(REORDER, typed(carlas.get(REORDER), **{"opening.group": "{Begrüßung}, {Artikl} <b>"}))
    assert page.status_code == 422
    assert "Eröffnung: {Artikl} gibt es hier nicht. Möglich sind {Begrüßung}, {Warengruppe}." in text(page)
    assert "{Artikl} &lt;b&gt;" in page.content.decode()


def test_whoever_is_late_keeps_his_text_and_sees_the_other_one(carlas):
    page = carlas.get(REORDER)
    carlas.post(REORDER, typed(page, argument="Erster."))
    late = carlas.post(REORDER, typed(page, argument="Zweiter."))
    assert late.status_code == 409
    assert "Jetzt steht: Erster." in text(late)
    assert late.context["form"]["argument"].value() == "Zweiter."
    carlas.post(REORDER, typed(late))
    assert CallGuide.objects.get().texts == {"argument": "Zweiter."}


@pytest.mark.parametrize("address", [f"{URL}nothing/", f"{REORDER}?language=xx", f"{REORDER}?group=999999", f"{REORDER}?group=x"])
def test_a_guide_that_there_is_none_of_is_not_found(carlas, address):
    assert carlas.get(address).status_code == 404


def test_marketing_hears_what_it_types_and_saves_it_by_keyboard(live_page):
    page = live_page(make_user("mia", Role.MARKETING), width=390)
    page.goto(REORDER)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_label("Argument").fill("{Artikel} kommt morgen.")
    expect(page.locator("#guide-preview")).to_contain_text("Reiniger R10 kommt morgen.")
    page.get_by_role("button", name="Leitfaden speichern").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Gesprächsleitfaden „Nachkauf“ gespeichert.")
