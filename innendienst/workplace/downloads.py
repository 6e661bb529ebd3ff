"""A workbook as a download."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

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
