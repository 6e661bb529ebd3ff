"""The workbook as a whole: planning template "NPS ermitteln" (domain guide, 3 and 4.3), filled from a wave or blank."""

from pathlib import Path

from django.utils import translation

from accounts.models import User
from nps.figures import tallies_by
from nps.models import SurveyWave
from nps.statistics import Tally
from nps.workbook.answers_sheet import write_answers, write_instructions
from nps.workbook.book import Book
from nps.workbook.charts import write_charts
from nps.workbook.content import Content, blank, content_of
from nps.workbook.results_sheets import write_evaluation, write_overview, write_segments, write_waves


def write_wave(target: Path, wave: SurveyWave, *, reader: User | None = None) -> int:
    """The wave with all its answers; how many there are. `reader` decides about names, None is the command."""
    content = content_of(wave, _language(), reader)
    _write(target, content, _tallies(wave))
    return content.count


def write_blank(target: Path, scale_min: int) -> None:
    """For pen and paper, or for typing: 500 prepared rows."""
    _write(target, blank(scale_min, _language()), {})


def _language() -> str:
    return "en" if (translation.get_language() or "de").startswith("en") else "de"


def _tallies(wave: SurveyWave) -> dict[tuple[str, str], Tally]:
    """Counts behind the formulas of the sheet of segments, hidden ones too: the sheet itself hides what is too small."""
    found: dict[tuple[str, str], Tally] = {}
    for cells, dimensions in (("segments", ("industry", "list_segment")), ("abc_classes", ("abc_class",))):
        for dimension in dimensions:
            found |= {(cells, value): tally for value, tally in tallies_by(wave, dimension).items()}
    return found


def _write(target: Path, content: Content, tallies: dict[tuple[str, str], Tally]) -> None:
    book = Book(target)
    with book.file:
        write_instructions(book, content, _language())
        write_answers(book, content)
        write_evaluation(book, content)
        write_segments(book, content, tallies)
        waves_count = write_waves(book, content)
        write_charts(book, content, waves_count)
        write_overview(book, content)
