"""What the rep says to the customer."""

import datetime as dt

import pytest
from django.utils import translation

from campaigns import call_guide
from campaigns.models import Kind
from tests import factories
from tests.campaigns.test_evidence import R10, make_opportunity

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)


def make_reorder():
    return make_opportunity("reorder", (factories.make_product("R10", unit="Kanister"), R10))


@pytest.fixture
def mueller():
    return factories.make_contact(factories.make_customer(), "Müller", salutation="mr")


def test_a_reorder_asks_for_the_usual_quantity(mueller):
    assert call_guide.opening_sentence(make_reorder(), mueller, TODAY) == (
        "Guten Tag Herr Müller, Ihr Vorrat an R10 müsste bald zur Neige gehen. "
        "Soll ich wieder 12 Kanister einplanen, oder reicht es noch?"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        (
            "poliert in einem Gang",
            "Guten Tag Herr Müller, Sie haben M1 von uns. Dazu passt P9: poliert in einem Gang. Wäre das etwas für Sie?",
        ),
        ("", "Guten Tag Herr Müller, Sie haben M1 von uns. Dazu passt P9. Wäre das etwas für Sie?"),
    ],
)
def test_a_cross_sell_offers_what_fits(mueller, argument, sentence):
    machine, pad = factories.make_product("M1"), factories.make_product("P9")
    relation = factories.make_relation(machine, pad, argument=argument)
    opportunity = make_opportunity("cross_sell", (pad, {"because": machine.pk, "relation": relation.pk}))
    assert call_guide.opening_sentence(opportunity, mueller, TODAY) == sentence


def test_the_sentence_is_in_the_language_of_whom_it_is_said_to():
    contact = factories.make_contact(factories.make_customer(), "Miller", salutation="ms", title="Dr.", language="en")
    with translation.override("de"):
        assert call_guide.opening_sentence(make_reorder(), contact, TODAY) == (
            "Good day Dr. Miller, your supply of R10 should be running low. "
            "Shall I put you down for 12 Kanister again, or will it last?"
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "greeting"),
    [
        ({"salutation": "ms", "title": "Dr.", "first_name": "Eva"}, "Guten Tag Frau Dr. Weiß"),
        ({"salutation": "mr", "first_name": "Uwe"}, "Guten Tag Herr Weiß"),
        ({"first_name": "Kim"}, "Guten Tag Kim Weiß"),
        ({}, "Guten Tag"),  # a bare surname would be rude
    ],
)
def test_people_are_greeted_by_what_is_known_of_them(fields, greeting):
    contact = factories.make_contact(factories.make_customer(), "Weiß", **fields)
    with translation.override("de"):
        assert call_guide.greet(contact) == greeting


def test_where_nobody_is_known_nobody_is_named():
    with translation.override("de"):
        assert call_guide.opening_sentence(make_reorder(), None, TODAY).startswith("Guten Tag, Ihr Vorrat an R10")


def test_what_nobody_computed_begins_with_a_greeting():
    with translation.override("de"):
        assert call_guide.opening_sentence(make_opportunity("campaign"), None, TODAY) == "Guten Tag."


@pytest.mark.parametrize(
    ("kind", "facts", "sentence"),
    [
        (
            "reorder",
            {**R10, "last_quantity": "5", "is_falling_only": True},
            "von Neu haben Sie zuletzt 5 genommen statt sonst 12 Stück. Hat sich etwas geändert?",
        ),
        ("reorder", {**R10, "group": True}, "Sie bestellen regelmäßig aus unserem Sortiment Neu. Brauchen Sie wieder etwas?"),
        ("after_sales", {"ends_on": "2026-12-31"}, "Neu endet bei Ihnen am 31.12.2026. Wollen wir verlängern?"),
        ("after_sales", {"warranty_until": "2026-12-31"}, "die Garantie für Alt endet am 31.12.2026. Soll ich Ihnen Neu anbieten?"),
        (
            "after_sales",
            {"delivered_on": "2026-10-01"},
            "seit 01.10.2026 haben Sie Alt. Läuft alles gut? Und haben Sie schon an Neu gedacht?",
        ),
        (
            "up_sell",
            {"quantity": "10", "step": "12", "price": "4.5"},
            "Sie bestellen meist 10 Stück Neu; ab 12 Stück kostet es 4,50\N{NO-BREAK SPACE}€. Wäre das etwas für Sie?",
        ),
        ("up_sell", {"since": "2024-01-01"}, "zu Alt gibt es einen Nachfolger: Neu. Darf ich Ihnen sagen, was neu ist?"),
        (
            "last_call",
            {"until": "2026-12-10", "proposed": "105"},
            "Neu ist nur noch bis 10.12.2026 bestellbar. Soll ich Ihnen 105 Stück zurücklegen? Das reicht etwa ein Jahr.",
        ),
        (
            "satisfaction",
            {"delivered_on": "2026-11-01"},
            "Sie haben kürzlich Neu von uns bekommen. Ist alles so, wie Sie es erwartet haben?",
        ),
    ],
)
def test_each_kind_says_why_it_calls(kind, facts, sentence):
    old, new = factories.make_product("Alt"), factories.make_product("Neu", unit="Stück")
    opportunity = make_opportunity(kind, (new, {"because": old.pk, **facts}))
    with translation.override("de"):
        assert call_guide.opening_sentence(opportunity, None, TODAY) == f"Guten Tag, {sentence}"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"why": "silent"}, "Sie haben länger nicht bestellt. Gab es etwas, womit Sie nicht zufrieden waren?"),
        ({"why": "no_second", "first_on": "2026-09-01"}, "am 01.09.2026 haben Sie zum ersten Mal bei uns bestellt. Waren Sie zufrieden?"),
        ({"why": "falling"}, "Sie bestellen weniger bei uns als im Vorjahr. Hat sich bei Ihnen etwas geändert?"),
    ],
)
def test_winning_back_speaks_of_the_customer_himself(facts, sentence):
    with translation.override("de"):
        assert call_guide.opening_sentence(make_opportunity("win_back", facts=facts), None, TODAY) == f"Guten Tag, {sentence}"


@pytest.mark.parametrize("kind", [Kind.REORDER, Kind.CROSS_SELL])
def test_each_kind_answers_its_usual_objections_in_both_languages(kind):
    for language in ("de", "en"):
        with translation.override(language):
            said = [(str(objection.says), str(objection.answer)) for objection in call_guide.objections(kind)]
        assert len(said) == 2
        assert all(says and answer for says, answer in said)
    assert call_guide.objections(Kind.CAMPAIGN) == ()
