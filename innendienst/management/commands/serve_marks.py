"""Serve marked customers of one stage beside the recompute that has started this process."""

import datetime as dt

from django.core.management.base import BaseCommand

from innendienst.lib.collector import seldom_collected
from innendienst.recompute import hands, ranges


class Command(BaseCommand):
    help = "Serve marked customers beside a full recompute, which calls this itself."

    def add_arguments(self, parser) -> None:
        parser.add_argument("stage", choices=[stage.name.lower() for stage in ranges.Stage])
        parser.add_argument("today", type=dt.date.fromisoformat)
        parser.add_argument("before", type=dt.date.fromisoformat)

    def handle(self, *, stage: str, today: dt.date, before: dt.date, **options) -> None:
        with seldom_collected():
            for served in ranges.drain(ranges.Stage[stage.upper()], ranges.Days(today, before)):
                self.stdout.write(hands.line(served))
                self.stdout.flush()
