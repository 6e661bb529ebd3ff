"""The workbook, recalculated by LibreOffice or a formula engine: it equals what the pages and the API say, on both scales."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from nps.figures import WaveFigures, rounded
from nps.models import SurveyWave
from nps.statistics import Tally
from nps.trend import trend
from nps.workbook.content import AnswerRow, Content
from nps.workbook.writing import write_content, write_wave
from tests.nps.recalculating import engine, recalculated
from tests.nps.scenes import DAY, FROM_0, A, B, make_wave
from tests.nps.workbooks import RESULTS, results_of, stored

SEGMENTS = {"Gastronomie": {10: 4}, "Maschinenbau": {10: 4, 3: 2}}
"""A part of A; the others are of no segment."""


def figures(name: str, counts: Mapping[int, int], *, month: int, scale_min: int = 1) -> WaveFigures:
    day = DAY.replace(month=month)
    return WaveFigures(SurveyWave(name=name, scale_min=scale_min, starts_on=day, ends_on=day), counts)


def rows_of(counts: Mapping[int, int], segment: str = "") -> list[AnswerRow]:
    nothing = {"number": "", "company": "", "contact": "", "abc_class": "", "channel": "", "invited_on": None, "reason": ""}
    nothing |= {"revenue_12m": None, "follow_up_by": None, "done_on": None, "key": "1"}
    return [
        AnswerRow(segment=segment, answered_on=DAY, rating=rating, **nothing) for rating, count in counts.items() for _index in range(count)
    ]


def content(*line: WaveFigures, segments: Mapping[str, Mapping[int, int]] | None = None) -> Content:
    """The last one of the line, with all its answers."""
    own, parts = line[-1], segments or {}
    rest = {rating: count - sum(part.get(rating, 0) for part in parts.values()) for rating, count in own.counts.items()}
    return Content(
        company="Muster GmbH",
        question="Wie?",
        scale_min=own.wave.scale_min,
        figures=own,
        steps=tuple(trend(line)),
        segments={name: Tally.of(part) for name, part in parts.items()},
        delivered=300,
        answered=own.n - 1,
        rows=[*rows_of(rest), *(row for name, part in parts.items() for row in rows_of(part, name))],
    )


def assert_equal_to_the_pages(found: Mapping[str, object], own: WaveFigures) -> None:
    assert [found[f"AUSWERTUNG!{name}"] for name in RESULTS] == pytest.approx(results_of(own), rel=1e-14, abs=1e-13)
    assert found["AUSWERTUNG!B28"] == pytest.approx((own.n - 1) / 300, rel=1e-14)
    assert rounded(float(found["AUSWERTUNG!B24"]), 9) == rounded(own.score, 9)


OWN = figures("Wie A", A, month=10)


class Books:
    """The workbook of the wave A with segments, after one of another scale and B; the same with a rating changed; and a blank one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "befragung.xlsx"
        line = (figures("Andere Skala", FROM_0, month=6, scale_min=0), figures("Herbst", B, month=9), OWN)
        write_content(self.path, content(*line, segments=SEGMENTS))
        write_content(folder / "leer.xlsx", Content("Muster GmbH", "Wie?", 0))
        self.found, self.changed, self.blank = recalculated(self.path, changed(self.path), folder / "leer.xlsx")


def changed(path: Path) -> Path:
    """A copy in which the rating of one promoter is a 3, as typed into its cell: what the file stores of the formulas stays."""
    copy = path.with_name("geaendert.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            if part == "xl/worksheets/sheet2.xml":
                text, count = re.subn(rb'(<c r="J2"[^>]*><v>)10(</v>)', rb"\g<1>3\2", text)
                assert count == 1
            target.writestr(part, text)
    return copy


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> Books:
    return Books(tmp_path_factory.mktemp("mappe"))


@pytest.fixture
def path(books) -> Path:
    return books.path


@pytest.fixture
def found(books) -> dict[str, object]:
    return books.found


def test_the_evaluation_equals_the_pages_to_the_last_digit(found, record_property):
    record_property("workbook recalculated by", engine())
    assert_equal_to_the_pages(found, OWN)


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize(("scale_min", "counts"), [(1, A), (0, FROM_0)])
def test_sheet_page_and_api_agree_to_the_last_digit(carlas, tmp_path, scale_min, counts):
    make_wave("Vorwelle", B, day=DAY.replace(month=3), scale_min=scale_min)
    asked = {"delivered": 300, "answered": sum(counts.values()) - 1, "population": 400}
    wave = make_wave("Herbst", counts, scale_min=scale_min, figures={"asked": asked})
    write_wave(tmp_path / "befragung.xlsx", wave)
    [found] = recalculated(tmp_path / "befragung.xlsx")
    page = carlas.get(f"/nps/?wave={wave.pk}").context
    told = carlas.get(f"/api/v1/nps/waves/{wave.pk}").json()

    own, change = page["figures"], page["step"].change
    span, since = told["interval"], told["change"]
    by_api = [told[name] for name in ("promoters", "passives", "detractors", "n", "score", "standard_error")] + [span["low"], span["high"]]
    assert by_api == results_of(own)[:-1]
    assert (told["response_rate"], since["points"], since["z"]) == (float(page["rate"]), float(change.points), change.z)
    assert_equal_to_the_pages(found, own)
    assert [found[f"WELLEN!{column}3"] for column in "JK"] == pytest.approx([since["points"], since["z"]], rel=1e-13)
    assert found["WELLEN!L3"] == ("ja" if since["is_proven"] else "nein")


def test_changes_between_waves_are_calculated_and_never_across_scales(path, found):
    rows = stored(path, "Wellen")
    assert [found[f"WELLEN!{column}3"] for column in "JKL"] == ["", "", ""]
    assert [found[f"WELLEN!{column}4"] for column in "JKL"] == [pytest.approx(-15), pytest.approx(rows[3][10]), "nein"]


def test_segments_are_counted_and_small_ones_show_a_dash(path, found):
    rows = stored(path, "Segmente")
    assert [found[f"SEGMENTE!{column}2"] for column in "BCDEF"] == [4, 4, 0, 0, "–"]
    assert [found[f"SEGMENTE!{column}3"] for column in "BCDEF"] == pytest.approx(rows[2][1:6])


def test_a_changed_rating_moves_the_recalculated_score(books):
    """The engine reads formulas, not stored values: else the tests above would prove nothing."""
    assert books.changed["AUSWERTUNG!B24"] == pytest.approx(100 * (53 - 25) / 120)


def test_the_blank_workbook_says_nothing(books):
    assert (books.blank["AUSWERTUNG!B22"], books.blank["AUSWERTUNG!B24"], books.blank["AUSWERTUNG!B28"]) == (0, "", "")
