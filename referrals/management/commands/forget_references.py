"""Forget what references need no more, or say how much that would be."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.forgetting import forget


class Command(BaseCommand):
    help = "Take the words from refusals after a year and from ended releases after three, as the nightly job does."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *, dry_run: bool, **options) -> None:
        counts = forget(timezone.localdate(), is_dry=dry_run)
        self.stdout.write(_("Reasons: %(reasons)s, limits: %(limits)s, texts: %(texts)s.") % counts)
