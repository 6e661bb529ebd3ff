"""A list of answers becomes answers of a survey: all rows that can be read, each other one named. One transaction.

Without a named survey it is one of its own, called after the file. The same bytes are taken into a survey once.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from customers.imports.headings import Header, choose
from customers.imports.messages import Message, Refused, Talk, note, restored, warning
from customers.imports.parsing import Parser
from customers.imports.reading import Sheet, open_sheets
from customers.locks import hold_all
from innendienst.base import audit
from innendienst.lib import display
from nps import praise, tallies
from nps.figures import WaveFigures, figures_of
from nps.imports import sentences  # noqa: F401 - what the messages below say
from nps.imports.columns import QuestionAsHeading, answer_columns
from nps.models import LONG, SHORT, Channel, Response, ResponseImport, SurveyWave
from nps.questions import questions
from nps.reasons import words_and_groups
from nps.segments import Segments, segments_of

_BATCH = 2_000
_SCALE_ROWS = 40
SCALE_LABELS = ("Skala beginnt bei", "Scale begins with")
SHEETS = ("Befragung", "Survey")


@dataclass(frozen=True)
class ListResult:
    """What a list brought. `figures` are None when it was refused; `rejected` counts rows with an error."""

    figures: WaveFigures | None = None
    taken: int = 0
    rejected: int = 0
    messages: Sequence[Message] = ()


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


def import_answers(
    path: Path, file_name: str, *, by: User | None = None, wave: SurveyWave | None = None, scale_min: int | None = None
) -> ListResult:
    """Take a list over. `scale_min` None: that of the survey, of our workbook, else 1. Never raises for a bad list."""
    talk = Talk()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        if known := _known_already(digest, wave, file_name):
            return _again(known)
        read, scale = _read(path, talk, wave, scale_min)
        with transaction.atomic():
            if known := _known_already(digest, wave, file_name):  # sent twice, and the first was taken while this one was read
                return _again(known)
            taken_into, taken = _write(read, scale, wave, file_name, digest, by, talk)
    except Refused as refusal:
        return ListResult(messages=[refusal.message, *talk.messages])
    except IntegrityError:  # the same list at the same moment
        return ListResult(messages=[Refused("changed_meanwhile").message, *talk.messages])
    return ListResult(_figures(taken_into), taken, read.rejected, talk.messages)


# --- reading ---


def _read(path: Path, talk: Talk, wave: SurveyWave | None, scale_min: int | None) -> tuple[Read, int]:
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


# --- writing ---


def _write(
    read: Read, scale: int, wave: SurveyWave | None, file_name: str, digest: str, by: User | None, talk: Talk
) -> tuple[SurveyWave, int]:
    customers = {row.customer_id for row in read.rows} - {None}
    hold_all(customers)
    target = _locked(wave) if wave else _make_wave(file_name, scale, read.rows, by)
    fresh = list(_fresh(read.rows, target, talk)) if wave else read.rows
    run = ResponseImport.objects.create(
        wave=target, file_name=file_name[:LONG], sha256=digest, taken_count=len(fresh), rejected_count=read.rejected, by=by
    )
    segments = segments_of({row.customer_id for row in fresh if row.customer_id}, timezone.localdate())
    answers = (_answer(row, target, run, segments.get(row.customer_id or 0, Segments()), by) for row in fresh)
    Response.objects.bulk_create(answers, batch_size=_BATCH)
    ResponseImport.objects.filter(pk=run.pk).update(messages=talk.stored())
    praise.keep(customers)
    tallies.refresh(target.pk)
    audit.record("nps.import", by=by, wave=target.pk, taken=len(fresh), rejected=read.rejected)
    return target, len(fresh)


def _answer(row: Row, wave: SurveyWave, run: ResponseImport, segments: Segments, by: User | None) -> Response:
    return Response(
        wave=wave,
        customer_id=row.customer_id,
        rating=row.rating,
        channel=Channel.LIST,
        answered_on=row.answered_on or wave.starts_on,
        **words_and_groups(row.reason),
        list_segment=row.list_segment,
        recorded_by=by,
        response_import=run,
        **segments.as_fields(),
    )


def _fresh(rows: Sequence[Row], wave: SurveyWave, talk: Talk) -> Iterator[Row]:
    """Those that are not stored yet: our workbook bears the key of each answer, which stays as its customer gave it."""
    stored = dict(Response.objects.for_system("known answers of a workbook").filter(wave=wave).values_list("pk", "rating"))
    known = 0
    for row in rows:
        found = stored.get(int(row.key)) if row.key.isdecimal() else None
        if row.key and found is None:
            talk.add(warning("answer_unknown", row=row.number, column="", value=row.key))
        if found is None:
            yield row
        elif found == row.rating:
            known += 1
        else:
            talk.add(warning("answer_kept", row=row.number, column="", stored=found, value=row.rating))
    if known:
        talk.add(note("answers_known", count=known))


def _locked(wave: SurveyWave) -> SurveyWave:
    return SurveyWave.objects.select_for_update().get(pk=wave.pk)


def _make_wave(file_name: str, scale: int, rows: Sequence[Row], by: User | None) -> SurveyWave:
    days = [row.answered_on for row in rows if row.answered_on] or [timezone.localdate()]
    return SurveyWave.objects.create(
        name=_free_name(_called_after(file_name)), scale_min=scale, starts_on=min(days), ends_on=max(days),
        made_by=by, **questions(),
    )  # fmt: skip


def _called_after(file_name: str) -> str:
    """The name of the survey that a file makes, with room for a number behind it."""
    return Path(file_name).stem.strip()[: SHORT - 6] or "Liste"


def _free_name(stem: str) -> str:
    taken = set(SurveyWave.objects.filter(name__startswith=stem).values_list("name", flat=True))
    return next(name for name in (stem, *(f"{stem} ({count})" for count in range(2, 10_000))) if name not in taken)


# --- the same list again ---


def _known_already(digest: str, wave: SurveyWave | None, file_name: str) -> ResponseImport | None:
    """The run that took these bytes: into this survey, or into the one that was called after the file."""
    runs = ResponseImport.objects.filter(sha256=digest).select_related("wave").order_by("pk")
    if wave is not None:
        return runs.filter(wave=wave).first()
    return runs.filter(wave__name__startswith=_called_after(file_name)).first()


def _again(run: ResponseImport) -> ListResult:
    said = note("already_imported", day=display.date(timezone.localdate(run.at)))
    return ListResult(_figures(run.wave), 0, run.rejected_count, [said, *restored(run.messages)])


def _figures(wave: SurveyWave) -> WaveFigures:
    """As they are kept by now."""
    return figures_of([SurveyWave.objects.get(pk=wave.pk)])[0]
