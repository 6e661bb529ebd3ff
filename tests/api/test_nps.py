"""Surveys as other programs read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import CAPABILITIES
from tests.factories import make_customer
from tests.nps.scenes import DAY, FROM_0, A, B, answer, make_wave

pytestmark = pytest.mark.django_db
WAVES = "/api/v1/nps/waves"
ANSWERED = ("promoters", "passives", "detractors", "score", "standard_error", "interval")


def test_a_survey_tells_its_figures_unrounded_and_the_change_since_the_one_before(annas):
    before = make_wave("Frühjahr", A, day=DAY.replace(month=3))
    wave = make_wave("Herbst", B, state="evaluated")
    told = annas.get(f"{WAVES}/{wave.pk}").json()
    span, change = told.pop("interval"), told.pop("change")
    assert (round(span["low"], 1), round(span["high"], 1)) == (27.1, 51.2)
    assert (change.pop("since"), change.pop("points"), change.pop("is_proven")) == (before.pk, 15, False)
    assert {name: round(value, 2) for name, value in change.items()} == {"z": 1.6, "p": 0.11}
    assert round(told.pop("standard_error"), 2) == 6.21
    assert told == {
        "id": wave.pk, "name": "Herbst", "kind": "relationship", "state": "evaluated", "starts_on": "2026-09-01", "ends_on": "2026-09-22",
        "scale_min": 1, "n": 140, "promoters": 77, "passives": 42, "detractors": 21, "score": 40, "reached": None, "response_rate": None,
    }  # fmt: skip


def test_scales_are_not_compared_and_a_draft_stands_in_no_line(annas):
    make_wave("Frühjahr", A, day=DAY.replace(month=3))
    waves = make_wave("Andere Skala", FROM_0, scale_min=0), make_wave("Entwurf", day=DAY.replace(month=10), state="draft")
    told = [annas.get(f"{WAVES}/{wave.pk}").json() for wave in waves]
    assert [(one["scale_min"], one["change"]) for one in told] == [(0, None), (1, None)]


def test_below_five_answers_their_number_alone_is_told(annas):
    wave = make_wave(counts={10: 4})
    told = annas.get(f"{WAVES}/{wave.pk}").json()
    assert (told["n"], {told[name] for name in ANSWERED}) == (4, {None})


def test_the_response_rate_is_that_of_the_page(annas):
    wave = make_wave(counts=A, figures={"asked": {"delivered": 300, "answered": 119, "population": 400}})
    told = annas.get(f"{WAVES}/{wave.pk}").json()
    assert (told["reached"], told["response_rate"]) == (300, 119 / 300)


def test_the_list_is_read_page_by_page_the_latest_first(annas):
    waves = [make_wave(f"Welle {month}", A, day=DAY.replace(month=month)) for month in range(1, 5)]
    first, second = annas.get(WAVES, {"limit": 3}).json(), annas.get(WAVES, {"limit": 3, "offset": 3}).json()
    assert (first["count"], second["count"]) == (4, 4)
    assert [one["id"] for one in first["items"] + second["items"]] == [wave.pk for wave in reversed(waves)]
    assert first["items"][0] == {key: value for key, value in annas.get(f"{WAVES}/{waves[3].pk}").json().items() if key != "change"}


def test_the_questions_to_the_database_do_not_grow_with_surveys(annas):
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert annas.get(address).status_code == 200
        return len(queries)

    wave = make_wave("eins", A)
    addresses = (WAVES, f"{WAVES}/{wave.pk}")
    before = [count(address) for address in addresses]
    for index in range(3):
        make_wave(f"weitere {index}", B)
    assert [count(address) for address in addresses] == before


def test_nobody_can_be_found_in_it(annas, anna):
    wave = make_wave(made_by=anna)
    for index in range(5):
        answer(wave, make_customer(f"Bäckerei {index}"), 3, reason="Lieferung zu spät")
    told = annas.get(WAVES).content.decode() + annas.get(f"{WAVES}/{wave.pk}").content.decode()
    assert [word for word in ("Bäckerei", "Lieferung", "Lang", "anna", "customer") if word in told] == []


@pytest.mark.parametrize("limit", ["0", "101", "viele"])
def test_a_parameter_that_cannot_be_read_is_named(annas, limit):
    refused = annas.get(WAVES, {"limit": limit})
    assert (refused.status_code, [one["parameter"] for one in refused.json()["errors"]]) == (422, ["limit"])


def test_without_the_right_there_is_a_problem_and_no_page(annas, monkeypatch):
    monkeypatch.setitem(CAPABILITIES, "nps.see", frozenset())
    refused = annas.get(WAVES)
    assert (refused.status_code, refused["Content-Type"], refused.json()["title"]) == (403, "application/problem+json", "Forbidden")
