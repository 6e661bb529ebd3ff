"""A list of answers as a file may hold it: our filled workbook, or any list with a column of ratings."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from customers.imports.cells import CellError, Noted, folded, shown, words
from customers.imports.columns import ListColumns, Look, Maker, Parse, column, day, text, whole
from customers.imports.days import day as read_day
from customers.imports.headings import Chosen, keys_of
from customers.imports.known_customers import HEADINGS as CUSTOMER_HEADINGS, VAGUE as CUSTOMER_VAGUE, customer_id
from nps.models import SHORT
from nps.statistics import RATING_MOST

REASON_LENGTH_MOST = 4_000
KEY_LENGTH_MOST = 20
KEY_HEADING, KEY_HEADING_EN = "Kennung", "Key"
_QUESTION = re.compile("weiterempfehl|empfehlen wurden|recommend")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b.*")
_DATE = "Datum | Date | Antwort am | Answered on | Antwortdatum | Response date | Customer response date | Beantwortet am | Submitted at"


def answer_columns(*, is_workbook: bool, scale_min: int = 0) -> ListColumns:
    """In our own workbook a blank rating is somebody who has not answered yet; elsewhere it is a row without an answer."""
    return ListColumns(
        columns=(
            column(
                "rating",
                _rating(scale_min),
                "Bewertung | Rating | NPS Score | NPS-Wert | NPS Bewertung | Score",
                vague="NPS | Punkte | Note | Wert | Value | Points | Weiterempfehlung | NPS Rating | Antwort",
                required=True,
                may_be_blank=is_workbook,
            ),
            column("customer_id", _known_customer, CUSTOMER_HEADINGS, vague=CUSTOMER_VAGUE),
            column(
                "reason",
                text(REASON_LENGTH_MOST),
                "Grund | Reason | Begründung | Kommentar | Comment",
                vague="Text | Bemerkung | Anmerkung | Feedback | Freitext | Verbatim",
            ),
            column("answered_on", _past_day, _DATE, vague="Timestamp | Zeitstempel | Erfasst am"),
            column("list_segment", text(SHORT), "Segment | Survey sub type | Touchpoint | Kontaktpunkt", vague="Anlass | Bereich"),
            column("invited_on", day(), "Eingeladen am | Invited on"),
            column("key", text(KEY_LENGTH_MOST), f"{KEY_HEADING} | {KEY_HEADING_EN}"),
        ),
        unused=(
            "Nr",
            "No",
            "Firma",
            "Company",
            "Ansprechpartner",
            "Contact",
            "ABC",
            "Kanal",
            "Channel",
            "Gruppe",
            "Group",
            "Umsatz 12 Monate",
            "Revenue 12 months",
            "Nachfassen bis",
            "Follow up until",
            "Erledigt am",
            "Done on",
        ),
        passing=("invited_on",),
    )


class QuestionAsHeading:
    """Survey tools write the whole question above the ratings: that column of the first row holds them where no heading is known.

    Asked for each of the first rows of one sheet; None leaves the search to the known headings.
    """

    def __init__(self) -> None:
        self._is_first = True

    def __call__(self, texts: Sequence[str]) -> Chosen | None:
        is_first, self._is_first = self._is_first, False
        folds = [folded(heading) for heading in texts]
        if not is_first or not _RATING_SPELLINGS.isdisjoint(folds):
            return None
        asking = [index for index, heading in enumerate(texts) if _QUESTION.search(heading.lower())]
        return {keys_of(texts)[asking[0]]: "rating"} if len(asking) == 1 else None


def _rating(scale_min: int) -> Maker:
    """Zero is read on either scale: a list on the other one is a single mistake, not hundreds of them."""
    on_scale, from_zero = whole(scale_min, RATING_MOST), whole(0, RATING_MOST)

    def make(look: Look) -> Parse:
        parse, parse_zero = on_scale(look), from_zero(look)

        def read(raw: object) -> object:
            try:
                return parse(raw)
            except CellError:
                with suppress(CellError):
                    return parse_zero(raw)
                raise

        return read

    return make


def _known_customer(look: Look) -> Parse:
    """An unknown number does not cost an answer: it counts without a customer."""
    find = customer_id(look)

    def read(raw: object) -> object:
        try:
            return find(raw)
        except CellError as error:
            if error.code == "unknown_customer":
                return Noted(None, "answer_without_customer", **error.params)
            raise

    return read


def _past_day(look: Look) -> Parse:
    """The day, or a note where it cannot be read. Slashes are day first when the whole column shows it: 25/12/2026."""
    order: list[str] = []

    def read(raw: object) -> object:
        try:
            return read_day(raw, latest=look.today, is_1904=look.is_1904)
        except CellError as error:
            if error.code == "date_order":
                if not order:
                    order.append(_order_of(look.values()))
                if found := _slashed(words(raw), order[0]):
                    return found.isoformat() if found <= look.today else Noted(None, "day_unreadable", value=shown(raw))
            return Noted(None, "day_unreadable", value=shown(raw))

    return read


def _order_of(values: Iterable[object]) -> str:
    """ "day" or "month", whichever stands first in every slashed date of the column; "" where nothing shows it."""
    parts = [match.groups() for raw in values if isinstance(raw, str) and (match := _SLASHED.fullmatch(raw.strip()))]
    is_day_first = any(int(first) > 12 for first, _second, _year in parts)
    is_month_first = any(int(second) > 12 for _first, second, _year in parts)
    if is_day_first == is_month_first:
        return ""
    return "day" if is_day_first else "month"


def _slashed(typed: str, order: str) -> dt.date | None:
    match = _SLASHED.fullmatch(typed)
    if match is None or not order:
        return None
    first, second, year = map(int, match.groups())
    try:
        return dt.date(year, second, first) if order == "day" else dt.date(year, first, second)
    except ValueError:
        return None


_RATING = answer_columns(is_workbook=False).columns[0]
_RATING_SPELLINGS = {folded(heading) for heading in (*_RATING.headings, *_RATING.vague)}
