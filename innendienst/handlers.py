"""Which function does which kind of job, and which jobs fall due by the clock."""

import datetime as dt

from customers import outbox
from customers.imports import job as imports, pick_up, uploads
from innendienst import housekeeping, morning, recompute
from innendienst.base import jobs


def register() -> None:
    """Called once when the apps are ready."""
    jobs.register(recompute.REFRESH, recompute.run_refresh, queue="bulk")
    jobs.register(recompute.FULL, recompute.run_full, queue="bulk")
    jobs.daily(jobs.DailySlot(recompute.FULL, dt.time(3)))
    jobs.register("send_mail", outbox.send_waiting)
    jobs.each_minute(outbox.ask_for_sender)
    jobs.register("morning", morning.draw_lists)
    jobs.daily(jobs.DailySlot("morning", dt.time(7, 30), working_days_only=True))
    outbox.register("digest", morning.render_digest)
    jobs.register(uploads.STAGE, imports.stage_uploaded, queue="bulk")
    jobs.register(imports.TAKE_OVER, imports.take_over_confirmed, queue="bulk")
    jobs.register(imports.TAKE_BACK, imports.take_back, queue="bulk")
    jobs.register(pick_up.PICK_UP, pick_up.pick_up, queue="bulk")
    jobs.each_minute(pick_up.look_into_folder)
    outbox.register("import_refused", pick_up.render_refusal)
    jobs.each_minute(imports.stop_abandoned)
    jobs.register("forget_imports", imports.forget_old)
    jobs.daily(jobs.DailySlot("forget_imports", dt.time(3, 30)))
    jobs.register("tidy", housekeeping.tidy)
    jobs.daily(jobs.DailySlot("tidy", dt.time(4)))
