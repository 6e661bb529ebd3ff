"""Write the workbook of a survey."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from innendienst.lib import display
from nps.finding import find_wave
from nps.workbook.writing import write_wave


class Command(BaseCommand):
    help = "Write the workbook of a survey, with live formulas and its answers (docs/nps.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("wave", metavar="WAVE", help="survey by name or id")
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")

    def handle(self, *, wave: str, file: Path, **options) -> None:
        found = find_wave(wave)
        if found is None:
            raise CommandError(_("There is no survey “%(name)s”.") % {"name": wave})
        if not file.parent.is_dir():
            raise CommandError(_("There is no folder %(path)s.") % {"path": file.parent})
        count = write_wave(file, found)
        self.stdout.write(
            _("%(wave)s: %(count)s answers written to %(path)s.") % {"wave": found, "count": display.number(count), "path": file}
        )
