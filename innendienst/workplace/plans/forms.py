"""What is typed to make a plan, and into one of its rows where there is no sheet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Team
from innendienst.lib import display
from innendienst.lib.dates import add_months
from innendienst.lib.planning.columns import CellRefused, Column, Kind, Reader
from innendienst.workplace.fields import DayField

YEARS_MOST = 3


class PlanForm(forms.Form):
    starts_on = DayField(label=gettext_lazy("from"))
    ends_on = DayField(label=gettext_lazy("until"))
    team = forms.ModelChoiceField(Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("whole house"))

    def clean(self) -> dict:
        given = self.cleaned_data
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and not dt.timedelta() <= last - first <= dt.timedelta(days=366 * YEARS_MOST):
            self.add_error("ends_on", _("until: choose a day after the first one, at most %(years)s years later.") % {"years": YEARS_MOST})
        return given


def next_quarter(today: dt.date) -> tuple[dt.date, dt.date]:
    """The quarter that begins next: what is planned now."""
    first = add_months(today.replace(day=1), 3 - (today.month - 1) % 3)
    return first, add_months(first, 3) - dt.timedelta(days=1)


def refusal(error: CellRefused) -> str:
    """What was read, and what the column takes."""
    expected = {
        Kind.DATE: _("a date such as 31.12.2026"),
        Kind.MONEY: _("an amount such as 1.234,56"),
        Kind.COUNT: _("a whole number"),
        Kind.HOURS: _("a number such as 2,5"),
        Kind.CHOICE: _("one of the choices"),
        Kind.TEXT: _("a shorter text"),
    }[error.column.kind]
    return _("%(column)s: “%(text)s” cannot be read (expected: %(expected)s).") % {
        "column": error.column.title, "text": error.text[:40], "expected": expected,
    }  # fmt: skip


@dataclass
class RowField:
    """A free cell of a row as a field. `theirs` is what somebody else wrote meanwhile, with who and when."""

    column: Column
    value: str
    was: str
    version: int
    options: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""
    theirs: str = ""
    who: str = ""

    @property
    def name(self) -> str:
        return self.column.key

    @property
    def is_text(self) -> bool:
        return self.column.kind == Kind.TEXT

    @property
    def is_choice(self) -> bool:
        return self.column.kind == Kind.CHOICE


def row_fields(columns: list[Column], cells: dict[str, Any], reader: Reader, typed: Any = None) -> Iterator[RowField]:
    """A field for each free column, filled from what was typed or else from the row."""
    for column in columns:
        if not column.is_free:
            continue
        cell = cells.get(column.key)
        stands = reader.typed(column, cell.value if cell else "")
        version = typed.get(f"version-{column.key}", "") if typed else ""
        yield RowField(
            column,
            value=typed.get(column.key, stands) if typed else stands,
            was=typed.get(f"was-{column.key}", stands) if typed else stands,
            version=int(version) if version.isdecimal() and len(version) < 9 else (cell.version if cell else 0),
            options=list(reader.options(column).items()) if column.kind == Kind.CHOICE else [],
        )


def period_text(document: Any) -> str:
    """ "01.01.2027–31.03.2027"."""
    return f"{display.date(document.starts_on)}–{display.date(document.ends_on)}"
