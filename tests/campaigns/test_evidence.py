"""The sentences and figures a rep reads, word for word, in both languages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns import evidence, sentences
from campaigns.models import Opportunity, OpportunityItem
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
NBSP = "\N{NO-BREAK SPACE}"
R10 = {"last_on": "2026-10-15", "gap_days": "30", "quantity": "12"}


@pytest.fixture(params=["de", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def german():
    with translation.override("de"):
        yield


def make_opportunity(kind: str, *items: tuple, **fields) -> Opportunity:
    """An opportunity with items (product, facts)."""
    defaults = {"rank_value": 84, "expected_revenue": 600, "expected_margin": 240, "p_win": Decimal("0.35"), "urgency": Decimal("1.0"),
                "facts": {"articles_count": len(items)}, "suggested_on": TODAY}  # fmt: skip
    opportunity = Opportunity.objects.create(customer=factories.make_customer(), kind=kind, **{**defaults, **fields})
    for position, (product, facts) in enumerate(items, start=1):
        OpportunityItem.objects.create(opportunity=opportunity, product=product, position=position, facts=facts, expected_revenue=600)
    return opportunity


def cleaner(name: str = "Reiniger R10", unit: str = "Kanister"):
    return factories.make_product(name, unit=unit)


def test_a_reorder_says_rhythm_last_order_and_usual_quantity(language):
    assert (
        evidence.sentence(make_opportunity("reorder", (cleaner(), R10)), TODAY)
        == {
            "de": "Kauft <strong>Reiniger R10</strong> etwa alle 30 Tage, zuletzt vor 40 Tagen, meist 12 Kanister.",
            "en": "Buys <strong>Reiniger R10</strong> about every 30 days, last 40 days ago, usually 12 Kanister.",
        }[language]
    )


def test_a_falling_quantity_is_told_too(language):
    opportunity = make_opportunity("reorder", (cleaner(), {**R10, "last_quantity": "6"}))
    assert (
        evidence.sentence(opportunity, TODAY)
        == {
            "de": "Kauft <strong>Reiniger R10</strong> etwa alle 30 Tage, zuletzt vor 40 Tagen, meist 12 Kanister. "
            "Bestellmenge <strong>Reiniger R10</strong> sinkt: zuletzt 6 statt meist 12 Kanister.",
            "en": "Buys <strong>Reiniger R10</strong> about every 30 days, last 40 days ago, usually 12 Kanister. "
            "Order quantity of <strong>Reiniger R10</strong> is falling: 6 last time instead of usually 12 Kanister.",
        }[language]
    )


def test_a_cross_sell_says_what_he_has_and_what_fits(language):
    machine, pad = factories.make_product("Scheuersaugmaschine M1"), factories.make_product("Polierpad P9")
    relation = factories.make_relation(machine, pad, argument="poliert in einem Gang.")
    opportunity = make_opportunity("cross_sell", (pad, {"because": machine.pk, "relation": relation.pk}))
    assert (
        evidence.sentence(opportunity, TODAY)
        == {
            "de": "Hat <strong>Scheuersaugmaschine M1</strong>, kauft <strong>Polierpad P9</strong> nicht bei uns; "
            "passt dazu: poliert in einem Gang.",
            "en": "Has <strong>Scheuersaugmaschine M1</strong>, does not buy <strong>Polierpad P9</strong> from us; "
            "goes with it: poliert in einem Gang.",
        }[language]
    )


@pytest.mark.usefixtures("german")
def test_a_cross_sell_without_argument_ends_earlier():
    machine, pad = factories.make_product("M1"), factories.make_product("P9")
    without = {"because": machine.pk, "relation": factories.make_relation(machine, pad).pk}
    gone = {"because": machine.pk, "relation": 0}
    for facts in (without, gone):
        assert evidence.sentence(make_opportunity("cross_sell", (pad, facts)), TODAY) == (
            "Hat <strong>M1</strong>, kauft <strong>P9</strong> nicht bei uns."
        )


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("gap", "text"),
    [
        ("1", "etwa jeden Tag"),
        ("2", "etwa alle 2 Tage"),
        ("30.5", "etwa alle 31 Tage"),
        ("120", "etwa alle 120 Tage"),
        ("121", "etwa alle 4 Monate"),
        ("182.5", "etwa alle 6 Monate"),
    ],
)
def test_a_rhythm_is_told_in_days_up_to_120_then_in_months(gap, text):
    assert sentences.rhythm_text(gap) == text


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("last_on", "ago"),
    [("2026-11-24", "heute"), ("2026-11-23", "gestern"), ("2026-11-22", "vor 2 Tagen"), ("2026-06-24", "vor 5 Monaten")],
)
def test_the_last_order_is_told_as_people_say_it(last_on, ago):
    opportunity = make_opportunity("reorder", (cleaner(), {**R10, "last_on": last_on}))
    assert f", zuletzt {ago}, meist" in evidence.sentence(opportunity, TODAY)


@pytest.mark.usefixtures("german")
def test_names_from_outside_stay_text():
    shown = evidence.sentence(make_opportunity("reorder", (cleaner("<script>alert(1)</script>", "{unit}"), R10)), TODAY)
    assert shown == (
        "Kauft <strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong> etwa alle 30 Tage, zuletzt vor 40 Tagen, meist 12 {unit}."
    )


def test_articles_that_merely_fall_are_not_called_due():
    assert evidence.articles_text(make_opportunity("reorder", facts={"articles_count": 3, "falling_count": 2})) == ""


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("kind", "count", "label", "articles"),
    [
        ("reorder", 3, "Nachkauf · 3 Artikel", "3 Artikel sind fällig"),
        ("reorder", 1, "Nachkauf", ""),
        ("cross_sell", 1, "Cross-Selling", ""),
        ("cross_sell", 2, "Cross-Selling · 2 Artikel", ""),
        ("win_back", 0, "Reaktivierung", ""),
    ],
)
def test_the_chip_names_kind_and_articles(kind, count, label, articles):
    assert evidence.reason_label(kind, count) == label
    assert evidence.articles_text(make_opportunity(kind, facts={"articles_count": count})) == articles


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("fields", "with_margin", "without_margin"),
    [
        ({}, f"≈ 84{NBSP}€ DB", f"≈ 210{NBSP}€ Umsatz"),
        ({"urgency": Decimal("1.5")}, f"≈ 126{NBSP}€ DB", f"≈ 315{NBSP}€ Umsatz"),
        ({"expected_margin": None}, f"≈ 210{NBSP}€ Umsatz, DB unbekannt", f"≈ 210{NBSP}€ Umsatz"),
        ({"expected_margin": Decimal("28.58")}, f"≈ 10{NBSP}€ DB", f"≈ 210{NBSP}€ Umsatz"),
        ({"expected_margin": Decimal("28.57")}, f"unter 10{NBSP}€", f"≈ 210{NBSP}€ Umsatz"),
        ({"expected_margin": -240, "expected_revenue": 9}, f"unter 10{NBSP}€", f"unter 10{NBSP}€"),
        ({"expected_margin": 24_000}, f"≈ 8.400{NBSP}€ DB", f"≈ 210{NBSP}€ Umsatz"),
    ],
)
def test_the_expected_value_is_whole_euros_as_probable(fields, with_margin, without_margin):
    opportunity = make_opportunity("reorder", (cleaner(), R10), **fields)
    assert evidence.expected_value(opportunity, show_margin=True) == with_margin
    assert evidence.expected_value(opportunity, show_margin=False) == without_margin


def test_the_arithmetic_behind_it_can_be_followed(language):
    opportunity = make_opportunity("reorder", (cleaner(), R10))
    assert (
        evidence.arithmetic(opportunity, show_margin=True)
        == {
            "de": f"Chance 35{NBSP}% × DB 240{NBSP}€ × Dringlichkeit 1,0 = 84{NBSP}€ erwarteter DB",
            "en": f"Chance 35{NBSP}% × margin 240{NBSP}€ × urgency 1.0 = 84{NBSP}€ expected margin",
        }[language]
    )


@pytest.mark.usefixtures("german")
def test_the_arithmetic_speaks_of_revenue_where_the_margin_is_unknown_or_hidden():
    opportunity = make_opportunity("reorder", (cleaner(), R10), p_win=Decimal("0.14286"))
    expected = f"Chance 14,3{NBSP}% × Umsatz 600{NBSP}€ × Dringlichkeit 1,0 = 86{NBSP}€ erwarteter Umsatz"
    assert evidence.arithmetic(opportunity, show_margin=False) == expected
    opportunity.expected_margin = None
    assert evidence.arithmetic(opportunity, show_margin=True) == expected


@pytest.mark.usefixtures("german")
def test_each_article_has_a_sentence_of_its_own_best_first():
    opportunity = make_opportunity("reorder", (cleaner("A"), R10), (cleaner("B"), R10))
    first, second = evidence.item_sentences(opportunity, TODAY)
    assert (first, "<strong>B</strong>" in second) == (evidence.sentence(opportunity, TODAY), True)


@pytest.mark.usefixtures("german")
def test_a_kind_without_a_sentence_shows_its_name():
    assert evidence.sentence(make_opportunity("campaign"), TODAY) == "Aktion"


def test_many_sentences_take_as_many_queries_as_one():
    machine = factories.make_product()

    def count_queries(count: int) -> int:
        made = [make_opportunity("reorder", (cleaner(), R10)) for _ in range(count)]
        for _ in range(count):
            pad = factories.make_product()
            relation = factories.make_relation(machine, pad)
            made.append(make_opportunity("cross_sell", (pad, {"because": machine.pk, "relation": relation.pk})))
        with CaptureQueriesContext(connection) as queries:
            assert len(evidence.sentences(made, TODAY)) == 2 * count
        return len(queries)

    assert (count_queries(1), count_queries(20)) == (2, 2)
