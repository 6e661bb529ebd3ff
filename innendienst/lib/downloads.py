"""Workbooks as downloads."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from innendienst.lib.excel import Value, write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, write: Callable[[Path], object]) -> HttpResponse:
    """The answer that hands out what `write` puts into the file it is given, under this name."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "book.xlsx"
        write(target)
        content = target.read_bytes()
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def table(name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponse:
    """A workbook of one sheet with a line of headings."""
    return workbook(name, lambda target: write_table(target, title, head, rows))
