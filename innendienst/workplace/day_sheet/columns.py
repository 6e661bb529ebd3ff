"""The columns of the day's sheet. A file may come back to somebody who reads another language: headings are known in each."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, override, pgettext_lazy

from customers.gate import basis_label
from customers.gate_rules import STATABLE
from customers.models.activities import Outcome


class Column(StrEnum):
    NUMBER = "number"
    COMPANY = "company"
    CONTACT = "contact"
    PHONE = "phone"
    WHY = "why"
    VALUE = "value"
    LAST = "last"
    GATE = "gate"
    OUTCOME = "outcome"
    NOTE = "note"
    NEXT = "next"
    AMOUNT = "amount"
    BASIS = "basis"
    ROW = "row"


HEADINGS: dict[Column, str | Promise] = {
    Column.NUMBER: _("Customer number"),
    Column.COMPANY: _("Company"),
    Column.CONTACT: _("Contact"),
    Column.PHONE: _("Phone"),
    Column.WHY: _("Why now"),
    Column.VALUE: _("Expected"),
    Column.LAST: _("Last contact"),
    Column.GATE: _("May be called"),
    Column.OUTCOME: pgettext_lazy("column", "Outcome"),
    Column.NOTE: _("Note"),
    Column.NEXT: _("Follow-up"),
    Column.AMOUNT: _("Order, net €"),
    Column.BASIS: _("Legal basis"),
    Column.ROW: pgettext_lazy("column", "Row (leave as it is)"),
}
TO_FILL = (Column.OUTCOME, Column.NOTE, Column.NEXT, Column.AMOUNT, Column.BASIS)
WIDTHS = {
    Column.NUMBER: 12, Column.COMPANY: 30, Column.CONTACT: 20, Column.PHONE: 20, Column.WHY: 46, Column.VALUE: 14, Column.LAST: 14,
    Column.GATE: 24, Column.OUTCOME: 15, Column.NOTE: 40, Column.NEXT: 15, Column.AMOUNT: 13, Column.BASIS: 20,
}  # fmt: skip
NEEDED = frozenset({Column.OUTCOME, Column.ROW})
"""Without these a file is no sheet of Mein Tag."""


def folded(text: object) -> str:
    return " ".join(str(text).split()).casefold()


def places(cells: Iterable[object]) -> dict[Column, int]:
    """Where each column stands, if this row of cells is the header; else nothing."""
    known = _in_all_languages(lambda: [(heading, column.value) for column, heading in HEADINGS.items()])
    found: dict[Column, int] = {}
    for index, cell in enumerate(cells):
        column = known.get(folded(cell)) if isinstance(cell, str) else None
        if column is not None:
            found.setdefault(Column(column), index)
    return found if found.keys() >= NEEDED else {}


def outcome_of(text: str) -> str:
    """The outcome meant by its key 1 to 7 or by a word of any of our languages; the text itself where it is none."""
    by_key = {str(key): outcome.value for key, outcome in enumerate(Outcome, start=1)}
    known = _in_all_languages(lambda: [(outcome.label, outcome.value) for outcome in Outcome])
    return by_key.get(text) or known.get(folded(text), text)


def basis_of(text: str) -> str:
    """The legal reason meant by a word of any of our languages; the text itself where it is none."""
    return _in_all_languages(lambda: [(basis_label(reason), reason.value) for reason in STATABLE]).get(folded(text), text)


def _in_all_languages(words: Callable[[], list[tuple[object, str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {folded(word): value for word, value in words()}
    return found
