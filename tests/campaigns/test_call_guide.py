"""What the rep says to the customer."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from campaigns import call_guide
from campaigns.guide import editing, placeholders
from campaigns.guide.defaults import DEFAULTS
from campaigns.guide.situations import parts
from campaigns.models import CallGuide, Kind
from innendienst.base.models import AuditEvent
from tests import factories
from tests.campaigns.test_evidence import R10, make_opportunity

pytestmark = pytest.mark.django_db


def make_reorder():
    return make_opportunity("reorder", (factories.make_product("R10", unit="Kanister"), R10))


@pytest.fixture
def mueller():
    return factories.make_contact(factories.make_customer(), "Müller", salutation="mr")


def test_a_reorder_asks_for_the_usual_quantity(mueller):
    assert call_guide.say(make_reorder(), mueller).sentence == (
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
    assert call_guide.say(opportunity, mueller).sentence == sentence


def test_the_sentence_is_in_the_language_of_whom_it_is_said_to():
    contact = factories.make_contact(factories.make_customer(), "Miller", salutation="ms", title="Dr.", language="en")
    with translation.override("de"):
        assert call_guide.say(make_reorder(), contact).sentence == (
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
        assert call_guide.say(make_reorder(), None).sentence.startswith("Guten Tag, Ihr Vorrat an R10")


def test_what_nobody_knows_anything_of_begins_with_a_greeting():
    with translation.override("de"):
        assert call_guide.say(make_opportunity("satisfaction"), None).sentence == "Guten Tag."


@pytest.mark.parametrize(
    ("kind", "facts", "sentence"),
    [
        (
            "reorder",
            {**R10, "last_quantity": "5", "is_falling_only": True},
            "von Neu haben Sie zuletzt 5 genommen statt sonst 12 Stück. Hat sich bei Ihnen etwas geändert?",
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
        assert call_guide.say(opportunity, None).sentence == f"Guten Tag, {sentence}"


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
        assert call_guide.say(make_opportunity("win_back", facts=facts), None).sentence == f"Guten Tag, {sentence}"


@pytest.mark.rules
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_comes_with_all_its_texts_and_only_names_what_can_be_filled_in(kind, language):
    with translation.override(language):
        texts = {part: str(text) for part, text in DEFAULTS[kind].items()}
        assert list(texts) == [part.key for part in parts(kind)]
        assert all(texts.values())
        for part in parts(kind):
            assert placeholders.read(texts[part.key], part.names) == texts[part.key]


@pytest.mark.rules
def test_no_default_is_left_in_english():
    for texts in DEFAULTS.values():
        for text in texts.values():
            with translation.override("de"):
                german = str(text)
            with translation.override("en"):
                assert german != str(text)


@pytest.mark.rules
def test_placeholders_are_shown_and_typed_in_the_language_of_the_text():
    with translation.override("de"):
        assert placeholders.show("{greeting}, {article} {other}") == "{Begrüßung}, {Artikel} {other}"
        assert placeholders.read("{ begrüßung }, {article}", ("greeting", "article")) == "{greeting}, {article}"
        with pytest.raises(placeholders.UnknownPlaceholder):
            placeholders.read("{Artikl}", ("article",))
        with pytest.raises(placeholders.UnknownPlaceholder):
            placeholders.read("{Preis}", ("article",))
    assert placeholders.fill("{article} {}", {"article": "{group}", "group": "x"}) == "{group} {}"


def test_texts_of_the_group_come_before_those_of_the_kind_and_these_before_what_was_shipped(carla, mueller):
    group = factories.make_group("Reiniger")
    own = make_opportunity("reorder", (factories.make_product("R10", unit="Kanister", group=group), R10))
    of_all = {"argument": "Wir liefern morgen.", "question.due": "Wieder {quantity}?"}
    with translation.override("de"):
        save = partial(editing.save, actor=carla, kind="reorder", language="de")
        save(group_id=None, texts=of_all, version=editing.UNSAVED)
        save(group_id=group.pk, texts={**of_all, "argument": "{article} ist immer da."}, version=editing.UNSAVED)
        for opportunity, argument in ((own, "R10 ist immer da."), (make_reorder(), "Wir liefern morgen.")):
            said = call_guide.say(opportunity, mueller)
            assert (said.question, said.argument) == ("Wieder 12 Kanister?", argument)
            assert said.objections[0].says == "Wir haben noch genug."
    assert CallGuide.objects.get(group=group).texts == {"argument": "{article} ist immer da."}


def test_what_was_saved_meanwhile_is_not_overwritten_and_only_who_may_writes(carla, anna):
    save = partial(editing.save, kind="reorder", group_id=None, language="de", texts={"argument": "A"})
    save(actor=carla, version=editing.UNSAVED)
    for seen in (editing.UNSAVED, 2):
        with pytest.raises(editing.GuideMoved):
            save(actor=carla, version=seen)
    with pytest.raises(PermissionDenied):
        save(actor=anna, version=1)
    save(actor=carla, texts={"argument": ""}, version=1)
    assert (CallGuide.objects.get().texts, CallGuide.objects.get().version) == ({}, 2)
    assert AuditEvent.objects.filter(act="guide.save", by=carla).count() == 2
