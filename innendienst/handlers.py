"""Which function does which kind of job, and which jobs fall due by the clock."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from customers import outbox
from customers.imports import job as imports
from innendienst import housekeeping, morning, recompute
from innendienst.base import jobs


def register() -> None:
    """Called once when the apps are ready."""
    jobs.register(recompute.REFRESH, recompute.run_refresh, name=_("Reasons of changed customers"), queue="bulk")
    jobs.register(recompute.FULL, recompute.run_full, name=_("Reasons of all customers"), queue="bulk")
    jobs.daily(jobs.DailySlot(recompute.FULL, dt.time(3)))
    jobs.register("send_mail", outbox.send_waiting, name=_("Sending mails"))
    jobs.each_minute(outbox.ask_for_sender)
    jobs.register("morning", morning.draw_lists, name=_("Call lists of the day"))
    jobs.daily(jobs.DailySlot("morning", dt.time(7, 30), working_days_only=True))
    outbox.register("digest", morning.render_digest, name=_("Morning mail"))
    jobs.register("import", imports.run_uploaded, name=_("Importing a list"), queue="bulk")
    jobs.register("forget_imports", imports.forget_old, name=_("Emptying old messages of imports"))
    jobs.daily(jobs.DailySlot("forget_imports", dt.time(3, 30)))
    jobs.register("tidy", housekeeping.tidy, name=_("Clearing away what is out of date"))
    jobs.daily(jobs.DailySlot("tidy", dt.time(4)))
