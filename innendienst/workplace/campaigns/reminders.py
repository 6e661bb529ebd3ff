"""What reminds the owner of a campaign, and the one responsible for a measure: mails with the address of the page, each once."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.measures.models import Measure
from campaigns.special.models import Campaign
from customers import outbox
from customers.follow_ups import holiday_state
from customers.models import Message
from customers.outbox import Mail
from innendienst.base.jobs import RunningJob
from innendienst.lib import display
from innendienst.lib.dates import add_working_days, next_working_day

CAMPAIGN_MAIL, MEASURE_MAIL = "campaign_reminder", "measure_reminder"
STARTS_IN, ENDS_IN, EVALUATED_AFTER = 5, 3, dt.timedelta(weeks=4)
"""Working days before start and end, and when the evaluation is due (domain guide 2.2)."""
State = Campaign.State


def run_reminders(job: RunningJob) -> None:
    """Handler of `remind_plans`, each working day: what falls due today; run twice, it queues nothing new."""
    job.result = {"queued": remind(timezone.localdate())}


def remind(today: dt.date) -> int:
    """How many mails were queued."""
    queued = [_of_campaign(campaign, today) for campaign in Campaign.objects.exclude(state__in=[State.EVALUATED, State.CANCELLED])]
    queued += [_of_measure(measure, today) for measure in Measure.objects.open().select_related("owner__team")]
    return sum(queued)


def _of_campaign(campaign: Campaign, today: dt.date) -> bool:
    state = holiday_state(campaign.owner)
    middle = next_working_day(campaign.starts_on + (campaign.ends_on - campaign.starts_on) / 2, state)
    days = {
        "start": add_working_days(campaign.starts_on, -STARTS_IN, state) if campaign.state != State.RUNNING else None,
        "middle": middle if campaign.state == State.RUNNING else None,
        "end": add_working_days(campaign.ends_on, -ENDS_IN, state) if campaign.state == State.RUNNING else None,
        "evaluate": next_working_day(campaign.ends_on + EVALUATED_AFTER, state) if campaign.state == State.ENDED else None,
    }
    code = next((code for code, day in days.items() if day == today), None)
    return code is not None and _queue(CAMPAIGN_MAIL, campaign.owner, campaign=campaign.pk, code=code, day=today.isoformat())


def _of_measure(measure: Measure, today: dt.date) -> bool:
    """On the day it is to be looked at again, and once when it is over without a result."""
    state = holiday_state(measure.owner)
    days = [next_working_day(day, state) for day in (measure.remind_on, measure.ends_on + dt.timedelta(days=1)) if day]
    return today in days and _queue(MEASURE_MAIL, measure.owner, measure=measure.pk, day=today.isoformat())


def _queue(kind: str, user, **facts) -> bool:
    key = ":".join([kind, *map(str, facts.values())])
    return outbox.queue_message(kind=kind, key=key, user=user, **facts) is not None


def render_campaign(message: Message) -> Mail | None:
    """None when the campaign has moved on meanwhile."""
    campaign = Campaign.objects.filter(pk=message.facts["campaign"]).exclude(state__in=[State.EVALUATED, State.CANCELLED]).first()
    if campaign is None:
        return None
    facts = {"name": campaign.name, "first": display.date(campaign.starts_on), "last": display.date(campaign.ends_on)}
    text = {
        "start": _("“%(name)s” starts on %(first)s. Are concept, target group and approval ready?"),
        "middle": _("Half of “%(name)s” is over. How does it run?"),
        "end": _("“%(name)s” ends on %(last)s. What is still to be said to its customers?"),
        "evaluate": _("“%(name)s” ended on %(last)s. Look at its result and conclude it."),
    }[message.facts["code"]]
    return _mail(_("Campaign “%(name)s”") % facts, text % facts, reverse("campaigns:detail", args=[campaign.pk]))


def render_budget(message: Message) -> Mail | None:
    campaign = Campaign.objects.filter(pk=message.facts["campaign"]).first()
    if campaign is None:
        return None
    facts = {"name": campaign.name, "percent": message.facts["percent"], "budget": display.euros(campaign.budget)}
    text = _("%(percent)s %% of the budget of “%(name)s” (%(budget)s) are spent.") % facts
    return _mail(_("Budget of “%(name)s”") % facts, text, reverse("campaigns:detail", args=[campaign.pk]))


def render_measure(message: Message) -> Mail | None:
    measure = Measure.objects.open().filter(pk=message.facts["measure"]).first()
    if measure is None:
        return None
    facts = {"title": measure.title, "last": display.date(measure.ends_on), "step": measure.next_step or display.UNKNOWN}
    text = _("Measure “%(title)s” (until %(last)s) is to be looked at today. Next step: %(step)s.") % facts
    return _mail(_("Measure “%(title)s”") % facts, text, reverse("measures:detail", args=[measure.pk]))


def _mail(subject: str, text: str, path: str) -> Mail:
    return Mail(subject, render_to_string("emails/reminder.txt", {"text": text, "url": f"{settings.BASE_URL}{path}"}))
