"""What goes into a workbook: a wave with its answers and those before it, or nothing yet."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.models import User
from accounts.permissions import allowed
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from nps.figures import Step, WaveFigures, figures_of, trend
from nps.models import Case, Response, SurveyWave
from nps.questions import question

_WHY = "an export of those who run surveys, without names where the survey promised so"
BLANK_ROWS = 500
SPARE_ROWS = 100


@dataclass(frozen=True)
class AnswerRow:
    """One row of the sheet of answers. What must not be shown is empty."""

    number: str = ""
    company: str = ""
    person: str = ""
    segment: str = ""
    abc_class: str = ""
    channel: str = ""
    invited_on: dt.date | None = None
    answered_on: dt.date | None = None
    rating: int | None = None
    reason: str = ""
    revenue_12m: Decimal | None = None
    due_on: dt.date | None = None
    closed_on: dt.date | None = None
    key: str = ""


@dataclass(frozen=True)
class Content:
    """`figures` None is the blank workbook. `segments` and `abc_classes` are the values that get a line of their own."""

    company: str
    question: str
    scale_min: int
    figures: WaveFigures | None = None
    steps: tuple[Step, ...] = ()
    segments: tuple[str, ...] = ()
    abc_classes: tuple[str, ...] = ()
    rows: Iterable[AnswerRow] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        return self.figures.n if self.figures else 0

    @property
    def prepared_rows(self) -> int:
        """Rows with validation and formulas: room for what is still to come."""
        return max(self.count + SPARE_ROWS, BLANK_ROWS)


def blank(scale_min: int, language: str) -> Content:
    return Content(preferences.get(CompanyPreferences).name, question(language), scale_min)


def content_of(wave: SurveyWave, language: str, reader: User | None = None) -> Content:
    """The wave as `reader` may see it; a command has none and sees what the survey allows its owner to see."""
    figures = figures_of(SurveyWave.objects.filter(kind=wave.kind).answered().order_by("starts_on", "pk"))
    before = [one for one in figures if (one.wave.starts_on, one.wave.pk) < (wave.starts_on, wave.pk)]
    own = next((one for one in figures if one.wave.pk == wave.pk), None) or figures_of([wave])[0]
    has_names = wave.shows_names and (reader is None or allowed(reader, "nps.names"))
    answers = Response.objects.for_system(_WHY).filter(wave=wave).counted()
    column = _segment_column(wave)
    return Content(
        company=preferences.get(CompanyPreferences).name,
        question=wave.question_en if language == "en" else wave.question_de,
        scale_min=wave.scale_min,
        figures=own,
        steps=tuple(trend([*before, own])),
        segments=tuple(answers.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct()),
        abc_classes=tuple(answers.exclude(abc_class="").order_by("abc_class").values_list("abc_class", flat=True).distinct()),
        rows=_rows(wave, column, has_names=has_names),
    )


def _segment_column(wave: SurveyWave) -> str:
    """What a list itself called its groups, else the industry."""
    has_own = Response.objects.for_system(_WHY).filter(wave=wave).exclude(list_segment="").exists()
    return "list_segment" if has_own else "industry"


def _rows(wave: SurveyWave, column: str, *, has_names: bool) -> Iterator[AnswerRow]:
    answers = Response.objects.for_system(_WHY).filter(wave=wave).counted().order_by("pk")
    related = answers.select_related("customer", "contact", "invitation")
    cases = Case.objects.for_system(_WHY).filter(response__wave=wave).values_list("response", "due_on", "closed_on")
    dues = {response: (due_on, closed_on) for response, due_on, closed_on in cases}
    for answer in related.iterator(chunk_size=2_000):
        is_named = has_names and answer.customer is not None
        due_on, closed_on = dues.get(answer.pk, (None, None))
        sent_at = answer.invitation.sent_at if answer.invitation else None
        yield AnswerRow(
            number=answer.customer.number if is_named else "",
            company=answer.customer.name if is_named else "",
            person=answer.contact.full_name if is_named and answer.contact else "",
            segment=getattr(answer, column),
            abc_class=answer.abc_class,
            channel=answer.get_channel_display(),
            invited_on=sent_at.date() if sent_at else None,
            answered_on=answer.answered_on,
            rating=answer.rating,
            reason=answer.reason,
            revenue_12m=answer.revenue_12m if is_named else None,
            due_on=due_on if is_named else None,
            closed_on=closed_on if is_named else None,
            key=str(answer.pk),
        )
