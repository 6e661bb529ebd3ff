"""The rows with errors as a workbook: as they stood in the list, with the reason in a column of its own, ready to be corrected.

Corrected, the file can be imported as it is: the column with the reason is known and left out.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from customers.imports.files.basics import Flaw
from customers.imports.headings import Header
from customers.imports.kept import sql as kept_sql
from customers.imports.messages import restored
from customers.imports.reading import Sheet
from innendienst.lib.excel import Value, write_table

TITLE_MOST = 31


def write(target: Path, sheet: Sheet, header: Header, reader: User | None) -> None:
    """Write the rows noted in the temporary table of faults, in the language of whoever will read them."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with translation.override(reader.language if reader else settings.LANGUAGE_CODE):
        reasons = _reasons()
        write_table(target, _("Rows with errors")[:TITLE_MOST], [*header.texts, _("Reason for rejection")], _rows(sheet, header, reasons))
    target.chmod(0o600)


def _reasons() -> dict[int, str]:
    """Row → what is wrong with it."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row, messages in kept_sql.faults():
        found[row] += [f"{one.column}: {one.sentence}" if one.column else one.sentence for one in restored(json.loads(messages))]
    return {row: " ".join(sentences) for row, sentences in found.items()}


def _rows(sheet: Sheet, header: Header, reasons: Mapping[int, str]) -> Iterator[list[Value]]:
    width = len(header.texts)
    for number, row in sheet.rows():
        if number in reasons:
            cells = [_value(cell) for cell in row[:width]]
            yield [*cells, *[None] * (width - len(cells)), reasons[number]]


def _value(cell: object) -> Value:
    """A cell as it can be written: what it stands for is lost where it showed an error of Excel."""
    if isinstance(cell, Flaw):
        return None
    return cell if isinstance(cell, str | int | float | dt.date) else str(cell)
