"""Import a list of customers, contacts, products, orders or follow-ups."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from customers.imports.lists import LISTS
from customers.imports.run import ImportResult, Verdict, run_import


class Command(BaseCommand):
    help = "Import a list of customers, contacts, products, orders or follow-ups from a CSV or XLSX file (docs/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[str(kind) for kind in LISTS], metavar="LIST", help=", ".join(LISTS))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--preview", action="store_true", help="write nothing, say what would be done")
        parser.add_argument("--lenient", action="store_true", help="take the rows without errors, leave out the others")
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of the workbook; else the first that has the columns")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *, kind: str, file: Path, preview: bool, lenient: bool, sheet: str, **options) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": file})
        result = run_import(kind, file, is_lenient=lenient, is_preview=preview, sheet=sheet)
        self.stdout.write(_as_json(result) if options["json"] else _as_text(result, is_preview=preview))
        if result.verdict == Verdict.REJECT:
            raise SystemExit(1)


def _as_json(result: ImportResult) -> str:
    messages = [
        {"row": message.row, "column": message.column, "level": message.level.value, "text": message.text} for message in result.messages
    ]
    counts = {"created": result.created, "updated": result.updated, "unchanged": result.unchanged, "rejected": result.rejected}
    answer = {"verdict": result.verdict.value, "id": result.run_id, **counts, "messages": messages, "seconds": result.seconds}
    return json.dumps(answer, ensure_ascii=False)


def _as_text(result: ImportResult, *, is_preview: bool) -> str:
    lines = [message.text for message in result.messages]
    values = {
        "created": _n(result.created), "updated": _n(result.updated), "unchanged": _n(result.unchanged), "rejected": _n(result.rejected),
        "seconds": number_format(result.seconds, 1),
    }  # fmt: skip
    lines.append(_("%(created)s new, %(updated)s changed, %(unchanged)s unchanged, %(rejected)s with errors; %(seconds)s s.") % values)
    if is_preview:
        lines.append(_("This was a preview: nothing was written."))
    return "\n".join(lines)


def _n(count: int) -> str:
    return number_format(count, 0, force_grouping=True)
