"""Take an import back."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from customers.imports.undoing.undo import NotUndoable, Undone, undo
from customers.models import ImportRun


class Command(BaseCommand):
    help = "Take an import of the last 30 days back: what it made goes, what it changed is as before; what people did since stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help="the run, as import_list --json names it")

    def handle(self, *, id: int, **options) -> None:  # noqa: A002 - the option's name
        run = ImportRun.objects.filter(pk=id).first()
        if run is None:
            raise CommandError(_("There is no import %(number)s.") % {"number": id})
        try:
            self.stdout.write(_as_text(undo(run)))
        except NotUndoable:
            raise CommandError(_("This import cannot be taken back (any more).")) from None


def _as_text(done: Undone) -> str:
    lines = [_("%(name)s stays: %(why)s") % {"name": name, "why": why} for name, why in done.kept]
    counts = {"removed": _n(done.removed_count), "restored": _n(done.restored_count), "kept": _n(done.kept_count)}
    lines.append(_("%(removed)s rows removed, old values restored in %(restored)s, %(kept)s rows stay.") % counts)
    return "\n".join(lines)


def _n(count: int) -> str:
    return number_format(count, 0, force_grouping=True)
