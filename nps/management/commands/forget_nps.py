"""Forget survey answers whose time is over, or say how many that would be."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from nps.forgetting import forget


class Command(BaseCommand):
    help = "Take words and persons from survey answers after two years, as the nightly job does. Run twice, it writes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *, dry_run: bool, **options) -> None:
        counts = forget(timezone.localdate(), is_dry=dry_run)
        self.stdout.write(_("Answers: %(answers)s, invitations: %(invitations)s, lists: %(lists)s.") % counts)
