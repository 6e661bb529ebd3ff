"""What goes into a workbook: a wave with its answers and those before it, or nothing yet."""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from accounts.models import User
from accounts.permissions import allowed
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from nps.figures import WaveFigures, tallies_by
from nps.models import Channel, Response, SurveyWave
from nps.questions import question
from nps.statistics import Tally, shown_cells
from nps.trend import Step, line_of

_WHY = "an export of those who run surveys, without names where the survey promised so"
_OF_PERSONS = (
    "customer__number", "customer__name", "invitation__contact__title", "invitation__contact__first_name",
    "invitation__contact__last_name", "invitation__sent_on", "revenue_12m", "case__due_on", "case__closed_on",
)  # fmt: skip
"""What leads to whoever answered, read only where names may be shown."""
_NOBODY = (None,) * len(_OF_PERSONS)
BLANK_ROWS = 500
SPARE_ROWS = 100


class AnswerRow(NamedTuple):
    """One row of the sheet of answers, its columns in their order without the number and the group. What must not be shown is empty."""

    number: str
    company: str
    contact: str
    segment: str
    abc_class: str
    channel: str
    invited_on: dt.date | None
    answered_on: dt.date
    rating: int
    reason: str
    revenue_12m: Decimal | None
    follow_up_by: dt.date | None
    done_on: dt.date | None
    key: str


@dataclass(frozen=True)
class Content:
    """`figures` None is the blank workbook. `segments` and `abc_classes`: value → counts, for those that get a line of their own."""

    company: str
    question: str
    scale_min: int
    figures: WaveFigures | None = None
    delivered: int | None = None
    """How many the question reached, where the program asked; `answered` of them did."""
    answered: int | None = None
    steps: tuple[Step, ...] = ()
    segments: Mapping[str, Tally] = field(default_factory=dict)
    abc_classes: Mapping[str, Tally] = field(default_factory=dict)
    rows: Iterable[AnswerRow] = ()

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
    steps = line_of(wave.kind)
    own = next(index for index, step in enumerate(steps) if step.figures.wave.pk == wave.pk)
    has_names = wave.shows_names and (reader is None or allowed(reader, "nps.names"))
    asked = wave.figures.get("asked", {})
    by_list = _values(wave, "list_segment", has_names=has_names)
    column, segments = ("list_segment", by_list) if by_list else ("industry", _values(wave, "industry", has_names=has_names))
    abc_classes = _values(wave, "abc_class", has_names=has_names)
    return Content(
        company=preferences.get(CompanyPreferences).name,
        question=wave.question_en if language == "en" else wave.question_de,
        scale_min=wave.scale_min,
        figures=steps[own].figures,
        delivered=asked.get("delivered") or None,
        answered=asked.get("answered") if asked.get("delivered") else None,
        steps=tuple(steps[: own + 1]),
        segments=segments,
        abc_classes=abc_classes,
        rows=_rows(wave, column, segments, abc_classes, has_names=has_names),
    )


def _values(wave: SurveyWave, dimension: str, *, has_names: bool) -> dict[str, Tally]:
    """In their order. With names small ones too: the sheet itself hides their figures. Without names whoever is one of few has none."""
    tallies = tallies_by(wave, dimension)
    shown = shown_cells({value: tally.n for value, tally in tallies.items()})
    return {value: tally for value, tally in sorted(tallies.items()) if value and (has_names or value in shown)}


def _rows(wave: SurveyWave, column: str, segments: Container[str], abc_classes: Container[str], *, has_names: bool) -> Iterator[AnswerRow]:
    """Read as plain values and as they are written: a large wave never stands in memory."""
    channels = {value: str(label) for value, label in Channel.choices}
    counted = Response.objects.for_system(_WHY).filter(wave=wave).counted().order_by("pk")
    rows = counted.values_list("pk", column, "abc_class", "channel", "answered_on", "rating", "reason", *(_OF_PERSONS if has_names else ()))
    for pk, segment, abc_class, channel, answered_on, rating, reason, *person in rows.iterator(chunk_size=2_000):
        number, company, title, first_name, last_name, invited_on, revenue, due_on, closed_on = person or _NOBODY
        yield AnswerRow(
            number or "", company or "", " ".join(filter(None, (title, first_name, last_name))),
            segment if segment in segments else "", abc_class if abc_class in abc_classes else "", channels.get(channel, channel),
            invited_on, answered_on, rating, reason, revenue if number else None, due_on, closed_on, str(pk),
        )  # fmt: skip
