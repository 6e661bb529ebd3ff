"""Which function does which kind of job, and which jobs fall due by the clock."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from campaigns.special import acts as campaign_acts, mailing, running as campaigns
from campaigns.special.results import BUDGET_MAIL
from customers import callbacks, outbox, segments
from customers.imports import job as imports, pick_up, uploads
from innendienst import housekeeping, learning, morning, recompute, references
from innendienst.base import jobs, notifications
from innendienst.workplace.campaigns import reminders
from innendienst.workplace.measures import reasons as measures_of_reasons
from innendienst.workplace.plans import nightly
from nps import customer_groups, decided, following, forgetting, invitations, mails, news, sample, tallies, waves


def register() -> None:
    """Called once when the apps are ready."""
    jobs.register(recompute.REFRESH, recompute.run_refresh, name=_("Reasons of changed customers"), queue="bulk")
    jobs.register(recompute.FULL, recompute.run_full, name=_("Reasons of all customers"), queue="bulk")
    jobs.daily(jobs.DailySlot(recompute.FULL, dt.time(3)))
    jobs.register(learning.LEARN, learning.run_learn, name=_("What customers need, learned from all orders"), queue="bulk")
    jobs.daily(jobs.DailySlot(learning.LEARN, dt.time(2)))
    jobs.register("send_mail", outbox.send_waiting, name=_("Sending mails"))
    jobs.each_minute(outbox.ask_for_sender)
    jobs.register("callbacks", callbacks.remind, name=_("Reminders of call-backs"))
    jobs.each_minute(callbacks.ask_for_reminders)
    outbox.register(callbacks.KIND, morning.render_callback, name=_("Reminder of a call-back"))
    notifications.register(callbacks.KIND, callbacks.note_text)
    jobs.register("morning", morning.draw_lists, name=_("Call lists of the day"))
    jobs.daily(jobs.DailySlot("morning", dt.time(7, 30), working_days_only=True))
    jobs.register("remind", morning.remind, name=_("Reminders of quotes, interest and hand-overs"))
    jobs.daily(jobs.DailySlot("remind", dt.time(6, 30), working_days_only=True))
    jobs.register(references.NIGHTLY, references.run_nightly, name=_("Duties of references and referrals"), queue="bulk")
    jobs.daily(jobs.DailySlot(references.NIGHTLY, dt.time(5)))
    outbox.register("digest", morning.render_digest, name=_("Morning mail"))
    jobs.register(uploads.STAGE, imports.stage_uploaded, name=_("Checking a list"), queue="bulk", is_awaited=True)
    jobs.register(imports.TAKE_OVER, imports.take_over_confirmed, name=_("Taking over a list"), queue="bulk", is_awaited=True)
    jobs.register(imports.TAKE_BACK, imports.take_back, name=_("Taking back a list"), queue="bulk", is_awaited=True)
    jobs.register(pick_up.PICK_UP, pick_up.pick_up, name=_("Importing lists from the folder"), queue="bulk")
    jobs.each_minute(pick_up.look_into_folder)
    outbox.register(pick_up.REFUSED, pick_up.render_refusal, name=_("List not taken over"))
    notifications.register(pick_up.REFUSED, pick_up.refusal_note, is_lasting=True)
    jobs.each_minute(imports.stop_abandoned)
    jobs.register(sample.SAMPLE, sample.run_sample, name=_("Drawing whom a survey asks"), queue="bulk")
    jobs.register(waves.INVITE, invitations.run_invite, name=_("Inviting to a survey"))
    jobs.register(tallies.TALLY, following.run, name=_("Cases and figures of a survey"))
    jobs.register("nps_daily", invitations.look_daily, name=_("Surveys of the day: begin, remind, end"))
    jobs.daily(jobs.DailySlot("nps_daily", dt.time(6)))
    jobs.register("nps_forget", forgetting.run_forget, name=_("Forgetting old survey answers"))
    jobs.daily(jobs.DailySlot("nps_forget", dt.time(3, 45)))
    outbox.register(invitations.INVITATION, mails.render, name=_("Invitation to a survey"), ended=invitations.ended)
    outbox.register(invitations.REMINDER, mails.render, name=_("Reminder of a survey"), ended=invitations.ended)
    outbox.register(news.NEWS, news.render, name=_("News of a survey"))
    outbox.register(mails.TEST, mails.render_test, name=_("Test of an invitation"))
    jobs.register("forget_imports", imports.forget_old, name=_("Emptying old messages of imports"))
    jobs.daily(jobs.DailySlot("forget_imports", dt.time(3, 30)))
    jobs.register(campaign_acts.FREEZE, campaigns.run_freeze, name=_("Freezing a target group"), queue="bulk")
    jobs.register(campaign_acts.CLOSE, campaigns.run_close, name=_("Taking a campaign off the lists"), queue="bulk")
    jobs.register(campaigns.TELL, campaigns.run_tell, name=_("New version of a campaign"))
    jobs.register(campaigns.BY_DATE, campaigns.run_by_date, name=_("Campaigns of the day"), queue="bulk")
    jobs.daily(jobs.DailySlot(campaigns.BY_DATE, dt.time(5)))
    jobs.register(mailing.SEND, mailing.run_send, name=_("Mails of a campaign"))
    outbox.register(mailing.MAIL, mailing.render, name=_("Mail of a campaign"), ended=mailing.ended)
    outbox.register(mailing.TEST, mailing.render_test, name=_("Test of a campaign's mail"))
    jobs.register("remind_plans", reminders.run_reminders, name=_("Reminders of campaigns and measures"))
    jobs.daily(jobs.DailySlot("remind_plans", dt.time(6, 45), working_days_only=True))
    outbox.register(reminders.CAMPAIGN_MAIL, reminders.render_campaign, name=_("Reminder of a campaign"))
    outbox.register(BUDGET_MAIL, reminders.render_budget, name=_("Budget of a campaign"))
    outbox.register(reminders.MEASURE_MAIL, reminders.render_measure, name=_("Reminder of a measure"))
    segments.add_criterion(customer_groups.NPS_GROUP)
    decided.register(measures_of_reasons.tell, url_name="measures:of_reason")
    jobs.register(nightly.REFRESH_PLANS, nightly.run_refresh, name=_("Figures of the plans"), queue="bulk")
    jobs.daily(jobs.DailySlot(nightly.REFRESH_PLANS, dt.time(4, 30)))
    jobs.register("tidy", housekeeping.tidy, name=_("Clearing away what is out of date"))
    jobs.daily(jobs.DailySlot("tidy", dt.time(4)))
