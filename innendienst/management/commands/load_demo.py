"""Fill an empty installation with the demo company."""

import argparse

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from innendienst import recompute
from innendienst.base import jobs
from innendienst.demo import sign_in
from innendienst.demo.campaigns import play_campaigns
from innendienst.demo.load import DEFAULT_CUSTOMERS, DEFAULT_SEED, DemoResult, InstallationInUse, load
from innendienst.demo.plans import play_plans
from innendienst.demo.references import lay_moments

_SILENT_UP_TO = 5_000
"""So many customers are recomputed before one has read a line about it."""


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000000")
    return int(text)


class Command(BaseCommand):
    help = "Fill an empty installation with an invented company: customers, three years of orders, calls, follow-ups."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--customers", type=_count, default=DEFAULT_CUSTOMERS, metavar="N")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="S", help="same number, day and size: same rows")

    def handle(self, *, customers: int, seed: int, verbosity: int, **options) -> None:
        try:
            result = load(customers, seed, report=self._report)
        except InstallationInUse as error:
            raise CommandError(
                _("This installation already has users, customers or products. The demo goes into an empty one only. Nothing was written.")
            ) from error
        if result.is_new:
            self.stdout.write(_counts(result))
            self.stdout.write(_("Now purchases, reasons and call lists are computed."))
            call_command("recompute", stdout=self.stdout, verbosity=int(result.rows["customers"] > _SILENT_UP_TO and verbosity > 0))
            today = timezone.localdate()
            lay_moments(today)
            play_plans(today, play_campaigns(today))
            jobs.run(jobs.request(recompute.REFRESH).pk)  # the call lists know the campaign's customers
        else:
            self.stdout.write(_("The demo is loaded already. Nothing was changed."))
        self.stdout.write("\n" + (sign_in.kept() or _("The sign-in file is gone. Set a new password: manage.py changepassword anna.lang")))

    def _report(self, reached: int, customers: int) -> None:
        if reached < customers:
            self.stdout.write(_("%(reached)s of %(customers)s customers written") % {"reached": _n(reached), "customers": _n(customers)})


def _counts(result: DemoResult) -> str:
    values = {**{kind: _n(count) for kind, count in result.rows.items()}, "seconds": number_format(result.seconds, 1)}
    return (
        _("%(customers)s customers, %(contacts)s contacts, %(orders)s orders, %(lines)s lines, %(calls)s calls in %(seconds)s s") % values
    )


def _n(count: int) -> str:
    return number_format(count, 0, force_grouping=True)
