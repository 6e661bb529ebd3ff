"""Chosen customers of the list into a campaign that is still being written, or a new one; and taking them out again."""

import datetime as dt
from itertools import chain, count

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import allow
from campaigns.special import acts
from campaigns.special.acts import PICKED_MOST, TooManyPicked
from campaigns.special.models import Campaign
from customers.models import Customer
from innendienst.base.models import AuditEvent
from innendienst.lib import display
from innendienst.lib.transitions import TransitionRefused
from innendienst.lib.typed import parse_id, parse_ids
from innendienst.workplace.customers.views import back_to_list, chosen_ids
from innendienst.workplace.notes import say_with_undo

NEW = "new"
_NEW_DAYS = dt.timedelta(days=30)


@require_POST
@allow("campaign.write")
def campaign_pick(request: HttpRequest) -> HttpResponse:
    """First which campaign, then the chosen customers go into it; a new one is opened to be written."""
    ids = parse_ids(request.POST["ids"].split(".")) if "ids" in request.POST else chosen_ids(request)
    if len(ids) > PICKED_MOST:
        messages.error(request, _too_many())
        return back_to_list(request, request.POST)
    chosen = list(
        Customer.objects.visible_to(request.user).filter(pk__in=ids, merged_into=None).order_by("pk").values_list("pk", flat=True)
    )
    if not chosen:
        messages.error(request, _("No customer is chosen. Tick the rows first."))
        return back_to_list(request, request.POST)
    asked = request.POST.get("campaign", "")
    if not asked:
        return _ask(request, chosen)
    writable = Campaign.objects.filter(state__in=Campaign.WRITABLE)
    campaign = _new(request.user) if asked == NEW else get_object_or_404(writable, pk=parse_id(asked))
    try:
        event = acts.pick(actor=request.user, campaign=campaign, customer_ids=chosen)
    except TooManyPicked:
        messages.error(request, _too_many())
        return _ask(request, chosen, status=422)
    except TransitionRefused:
        messages.error(request, _("This step does not follow any more: somebody has changed the campaign. Look at it again."))
        return back_to_list(request, request.POST)
    count = len(event.facts["customers"])
    text = ngettext("%(count)s customer added to “%(campaign)s”.", "%(count)s customers added to “%(campaign)s”.", count)
    facts = {"count": display.number(count), "campaign": campaign.name}
    if asked == NEW:
        messages.success(request, text % facts)
        return redirect("campaigns:concept", campaign.pk)
    say_with_undo(request, text % facts, reverse("customers:campaign_pick_undo"), act=event.pk, query=request.POST.get("query"))
    return back_to_list(request, request.POST)


@require_POST
@allow("campaign.write")
def campaign_pick_undo(request: HttpRequest) -> HttpResponse:
    """Take those out whom one's own act put in; `act` in the address says which."""
    event = AuditEvent.objects.filter(pk=parse_id(request.GET.get("act", "")), act="campaign.pick", by=request.user).first()
    try:
        count = acts.undo_pick(actor=request.user, event=event) if event else 0
    except TransitionRefused:
        count = 0
    if count:
        text = ngettext("%(count)s customer taken out of the campaign.", "%(count)s customers taken out of the campaign.", count)
        messages.info(request, text % {"count": display.number(count)})
    else:
        messages.error(request, _("Not undone: the campaign is handed in, or they are out of it already."))
    return back_to_list(request, request.GET)


def _too_many() -> str:
    text = _("At most %(most)s customers are chosen by hand. For more, save a filter and choose it in the campaign.")
    return text % {"most": display.number(PICKED_MOST)}


def _ask(request: HttpRequest, chosen: list[int], status: int = 200) -> HttpResponse:
    campaigns = Campaign.objects.filter(state__in=Campaign.WRITABLE).select_related("owner").order_by("-pk")
    context = {
        "campaigns": campaigns,
        "count": len(chosen),
        "ids": ".".join(map(str, chosen)),
        "query": request.POST.get("query", ""),
        "new": NEW,
    }
    return render(request, "customers/campaign_pick.html", context, status=status)


def _new(user: User) -> Campaign:
    """A draft for a month, under a name that says when; both are changed in the concept."""
    today = timezone.localdate()
    name = _("Selection of %(day)s") % {"day": display.date(today)}
    taken = set(Campaign.objects.filter(name__startswith=name).values_list("name", flat=True))
    title = next(title for title in chain([name], (f"{name} ({number})" for number in count(2))) if title not in taken)
    return acts.make(actor=user, campaign=Campaign(name=title, starts_on=today, ends_on=today + _NEW_DAYS))
