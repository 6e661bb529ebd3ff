"""Learn from the order lines of all customers what each will need, for the chances of the next recompute."""

import datetime as dt
import time
from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.learning import learn


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day like 2026-11-30") from error


class Command(BaseCommand):
    help = "Learn from all order lines what each customer will need; the next recompute uses it. Run twice, it writes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="as on the morning of that day")

    def handle(self, *, as_of: dt.date | None, verbosity: int, **options) -> None:
        started = time.monotonic()
        customers, written = learn(as_of or timezone.localdate() + dt.timedelta(days=1))
        if verbosity:
            texts = {
                "customers": number_format(customers, 0, force_grouping=True),
                "written": number_format(written, 0, force_grouping=True),
                "seconds": number_format(time.monotonic() - started, 1),
            }
            self.stdout.write(_("Learned: needs of %(customers)s customers, %(written)s rows written (%(seconds)s s)") % texts)
