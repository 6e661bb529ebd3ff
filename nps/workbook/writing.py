"""The workbook as a whole: planning template "NPS ermitteln" (domain guide, 3 and 4.3), filled from a wave or blank."""

from pathlib import Path

from django.utils import translation

from accounts.models import User
from nps.models import SurveyWave
from nps.workbook.answers_sheet import write_answers, write_instructions
from nps.workbook.book import Book
from nps.workbook.charts import write_charts
from nps.workbook.content import Content, blank, content_of
from nps.workbook.results_sheets import write_evaluation, write_overview, write_segments, write_waves


def write_wave(target: Path, wave: SurveyWave, *, reader: User | None = None) -> int:
    """The wave with all its answers; how many there are. `reader` decides about names, None is the command."""
    content = content_of(wave, _language(), reader)
    write_content(target, content)
    return content.count


def write_blank(target: Path, scale_min: int) -> None:
    """For pen and paper, or for typing: 500 prepared rows."""
    write_content(target, blank(scale_min, _language()))


def _language() -> str:
    return "en" if (translation.get_language() or "de").startswith("en") else "de"


def write_content(target: Path, content: Content) -> None:
    """All sheets; asks the database for nothing but the rows of `content`."""
    book = Book(target)
    with book.file:
        write_instructions(book, content, _language())
        write_answers(book, content)
        write_evaluation(book, content)
        write_segments(book, content)
        waves_count = write_waves(book, content)
        write_charts(book, content, waves_count)
        write_overview(book, content)
