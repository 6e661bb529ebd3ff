"""Which sheet of a workbook is read: the first that has the columns, or the one that a person chose, which is kept with the run."""

from collections.abc import Collection, Iterable, Sequence

from customers.imports.messages import Message, Refused
from customers.imports.reading import Sheet
from customers.models import ImportRun


def choosable(run: ImportRun) -> list[str]:
    """The sheets among which can be chosen; none where there is but one."""
    return run.reading.get("sheets", [])


def chosen(run: ImportRun) -> str:
    """The sheet that somebody chose, "" where nobody did."""
    return run.reading.get("chosen_sheet", "")


def choice(sheet: str) -> dict[str, str]:
    """How a choice is kept in ImportRun.reading."""
    return {"chosen_sheet": sheet} if sheet else {}


def found(sheets: Sequence[Sheet], sheet: str) -> dict:
    """What there is to choose from and what was chosen, as kept in ImportRun.reading."""
    several = {"sheets": [one.name for one in sheets]} if len(sheets) > 1 else {}
    return {**several, **choice(sheet)}


def to_read(sheets: Sequence[Sheet], sheet: str) -> Sequence[Sheet]:
    """The chosen sheet alone, else all. Raises Refused where it is not there."""
    if not sheet:
        return sheets
    demand_known(sheet, [one.name for one in sheets if one.name])
    return [one for one in sheets if one.name == sheet]


def worth_saying(notes: Iterable[Message], sheet: str) -> list[Message]:
    """Whoever chose the sheet knows that the others were not read."""
    return [one for one in notes if not (sheet and one.code == "other_sheets")]


def demand_known(sheet: str, known: Collection[str]) -> None:
    if not known:
        raise Refused("no_workbook", sheet=sheet)
    if sheet not in known:
        raise Refused("no_such_sheet", sheet=sheet, sheets=list(known))
