"""Write the suggestions as of a day into a CSV file, for measuring them against what was bought afterwards."""

import csv
import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.exports import SUGGESTION_COLUMNS, suggestion_rows


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day like 2026-11-30") from error


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is not a count like 40")
    return int(text)


class Command(BaseCommand):
    help = "Write what would be suggested to each customer as of a day into a CSV file; nothing ordered from that day on is read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=_day, required=True, metavar="YYYY-MM-DD", help="as on the morning of that day")
        parser.add_argument("--top", type=_count, required=True, metavar="N", help="offers per customer, half of them bought before")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--split", metavar="NAME", help="the first column; the day where it is not given")

    def handle(self, *, as_of: dt.date, top: int, out: Path, split: str | None, verbosity: int, **options) -> None:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(SUGGESTION_COLUMNS)
            count = 0
            for count, row in enumerate(suggestion_rows(as_of, top, split or as_of.isoformat()), start=1):  # noqa: B007 - told below
                writer.writerow(row)
        if verbosity:
            self.stdout.write(_("%(count)s rows in %(path)s") % {"count": number_format(count, 0, force_grouping=True), "path": out})
