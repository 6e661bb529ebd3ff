"""A list of answers becomes answers of a survey: all rows that can be read, each other one named. One transaction.

Without a named survey it is one of its own, called after the file. The same bytes are taken into a survey once.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from customers.imports.messages import Message, Refused, Talk, note, restored, warning
from customers.locks import hold_all
from innendienst.base import audit
from innendienst.lib import display
from nps import praise, tallies
from nps.figures import WaveFigures, figures_of
from nps.imports.reading import Read, Row, read_answers
from nps.models import LONG, SHORT, Channel, Response, ResponseImport, SurveyWave
from nps.questions import questions
from nps.reasons import words_and_groups
from nps.segments import Segments, segments_of

_BATCH = 2_000


@dataclass(frozen=True)
class ListResult:
    """What a list brought. `figures` are None when it was refused; `rejected` counts rows with an error."""

    figures: WaveFigures | None = None
    taken: int = 0
    rejected: int = 0
    messages: Sequence[Message] = ()


def import_answers(
    path: Path, file_name: str, *, by: User | None = None, wave: SurveyWave | None = None, scale_min: int | None = None
) -> ListResult:
    """Take a list over. `scale_min` None: that of the survey, of our workbook, else 1. Never raises for a bad list."""
    talk = Talk()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        if known := _known_already(digest, wave, file_name):
            return _again(known)
        read, scale = read_answers(path, talk, wave, scale_min)
        with transaction.atomic():
            if known := _known_already(digest, wave, file_name):  # sent twice, and the first was taken while this one was read
                return _again(known)
            taken_into, taken = _write(read, scale, wave, file_name, digest, by, talk)
    except Refused as refusal:
        return ListResult(messages=[refusal.message, *talk.messages])
    except IntegrityError:  # the same list at the same moment
        return ListResult(messages=[Refused("changed_meanwhile").message, *talk.messages])
    return ListResult(_figures(taken_into), taken, read.rejected, talk.messages)


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
