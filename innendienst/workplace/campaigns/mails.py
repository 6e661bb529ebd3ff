"""Mails of a campaign: how they look, a test to oneself, sending them, how far that has come, and the addresses as a workbook."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allow
from campaigns.special import mail_list, mailing
from campaigns.special.models import Campaign
from customers.models import Message
from innendienst.lib import display, downloads

OBSTACLES = {
    "not_running": gettext_lazy("Mails leave while the campaign runs: nobody hears of an offer that does not stand yet, or no more."),
    "no_words": gettext_lazy("The concept says no subject or no text. Write both into the concept first."),
    "no_sender": gettext_lazy(
        "The company's name or postal address is missing: the law wants both under every mail. The administration enters them."
    ),
}
_State = Message.State


@require_http_methods(["GET", "HEAD", "POST"])
@allow("campaign.write")
def mail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What leaves, to how many at most, and what became of it; POST has it sent."""
    campaign = get_object_or_404(Campaign, pk=pk, frozen_at__isnull=False)
    if request.method == "POST":
        try:
            mailing.send(actor=request.user, campaign=campaign)
        except mailing.MailingRefused as refusal:
            messages.error(request, str(OBSTACLES[refusal.code]))
        else:
            messages.success(request, _("The mails leave during working hours; this page says how many."))
        return redirect("campaigns:mails", pk)
    counts = mailing.counts(campaign)
    context = {
        "campaign": campaign,
        "mail": mailing.mail_to(campaign, None),
        "people_count": mail_list.agreed(request.user, campaign).count(),
        "obstacle": OBSTACLES.get(mailing.obstacle(campaign), ""),
        "lines": _lines(counts),
    }
    return render(request, "campaigns/campaign_mails.html", context)


@require_POST
@allow("campaign.write")
def mail_test(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail to oneself."""
    campaign = get_object_or_404(Campaign, pk=pk, frozen_at__isnull=False)
    if request.user.email:
        mailing.queue_test(actor=request.user, campaign=campaign)
        messages.success(request, _("The test is on its way to %(address)s.") % {"address": request.user.email})
    else:
        messages.error(request, _("Not sent: you have no e-mail address here. The administration enters it with your user."))
    return redirect("campaigns:mails", pk)


@require_POST
@allow("campaign.write")
def mail_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may get a mail of this campaign, as a workbook for another mailing program."""
    campaign = get_object_or_404(Campaign, pk=pk, state__in=Campaign.OPEN)
    people = mail_list.addressees(actor=request.user, campaign=campaign)
    if not people:
        messages.info(request, _("Nobody of the target group has agreed to mails. A letter or a call may be allowed."))
        return redirect("campaigns:detail", pk)
    head = (_("Customer number"), _("Company"), _("Contact"), _("E-mail"), _("Salutation"))
    name = _("%(name)s mails") % {"name": campaign.name}
    return downloads.table(f"{name}.xlsx", _("E-mail"), head, (one.cells for one in people))


def _lines(counts: dict[str, int]) -> list[tuple[str, str]]:
    """What became of the mails, as far as there are any."""
    waiting = sum(counts.get(state, 0) for state in (_State.QUEUED, _State.SENDING, _State.UNSURE))
    found = [
        (_("Sent"), counts.get(_State.SENT, 0)),
        (_("Waiting"), waiting),
        (_("Undeliverable"), counts.get(_State.REFUSED, 0)),
        (_("Left out: objected, or no longer allowed"), counts.get(_State.DROPPED, 0)),
        (_("Failed"), counts.get(_State.FAILED, 0)),
    ]
    return [(label, display.number(count)) for label, count in found if count]
