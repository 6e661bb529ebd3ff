"""The rows of a list of answers: which can be taken, which are refused, and on which scale they are counted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from customers.imports.headings import Header, choose
from customers.imports.messages import Refused, Talk, note
from customers.imports.parsing import Parser
from customers.imports.reading import Sheet, open_sheets
from nps.imports import sentences  # noqa: F401 - what the messages below say
from nps.imports.columns import QuestionAsHeading, answer_columns
from nps.models import SurveyWave

_SCALE_ROWS = 40
SCALE_LABELS = ("Skala beginnt bei", "Scale begins with")
SHEETS = ("Befragung", "Survey")


@dataclass(frozen=True)
class Row:
    """An answer as the list holds it; day and customer are None where it names none."""

    number: int
    rating: int
    customer_id: int | None = None
    reason: str = ""
    answered_on: dt.date | None = None
    list_segment: str = ""
    key: str = ""


@dataclass
class Read:
    """The rows that can be taken, and what is to be said."""

    rows: list[Row] = field(default_factory=list)
    rejected: int = 0
    unanswered: int = 0


def read_answers(path: Path, talk: Talk, wave: SurveyWave | None, scale_min: int | None) -> tuple[Read, int]:
    """The rows, and the scale on which they are counted. Raises Refused."""
    with open_sheets(path) as sheets:
        scale = _scale(sheets, wave, scale_min)
        ours = [sheet for sheet in sheets if _name(sheet) in SHEETS]
        sheet, header = choose(ours or sheets, answer_columns(is_workbook=True), QuestionAsHeading())
        talk.add(*header.notes, *sheet.notes(header.row))
        read = _rows(sheet, header, talk, scale)
    zeros = sum(row.rating < scale for row in read.rows)
    if zeros:
        raise Refused("zero_on_scale_from_1", count=zeros)
    if not read.rows:
        raise Refused("no_answers")
    return read, scale


def _name(sheet: Sheet) -> str:
    """What the sheet of a workbook is called; "" for another file."""
    return sheet.about().get("sheet", "")


def _rows(sheet: Sheet, header: Header, talk: Talk, scale: int) -> Read:
    is_workbook = {"invited_on", "key"} <= header.places.keys()
    parser = Parser(sheet, header, answer_columns(is_workbook=is_workbook, scale_min=scale), timezone.localdate(), talk)
    read = Read()
    for batch in parser.batches():
        for number, *values in batch:
            found = dict(zip(parser.fields, values, strict=True))
            if found["rating"] is None:
                read.unanswered += any(found.get(name) for name in ("customer_id", "list_segment", "key"))
                continue
            day = found.get("answered_on")
            found["answered_on"] = dt.date.fromisoformat(day) if day else None
            texts = {name: found.get(name) or "" for name in ("reason", "list_segment", "key")}
            read.rows.append(Row(number, **{**found, **texts}))
    read.rejected = parser.rejected_count
    if read.unanswered:
        talk.add(note("not_answered", count=read.unanswered))
    return read


def _scale(sheets: Sequence[Sheet], wave: SurveyWave | None, asked: int | None) -> int:
    """Raises Refused where a scale is asked for that the survey does not have."""
    if wave is not None:
        if asked not in (None, wave.scale_min):
            raise Refused("scale_fixed", wave=wave.name, scale=wave.scale)
        return wave.scale_min
    return asked if asked is not None else _scale_of_workbook(sheets)


def _scale_of_workbook(sheets: Sequence[Sheet]) -> int:
    """Our workbook says on its first sheet with what its scale begins; everything else has the usual one, from 1."""
    for sheet in sheets:
        if _name(sheet) in {"Anleitung", "Instructions"}:
            for number, row in sheet.rows():
                if number > _SCALE_ROWS:
                    break
                if len(row) > 1 and row[0] in SCALE_LABELS and row[1] in (0, 1, 0.0, 1.0):
                    return int(float(str(row[1])))
    return SurveyWave.Scale.FROM_1
