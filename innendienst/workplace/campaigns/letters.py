"""Letters of a campaign: as a mail merge (Excel or CSV), or printed here, a sheet each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow
from campaigns.special.letters import Letter, NoText, hand_out, handed_out
from campaigns.special.models import Campaign
from innendienst.lib import downloads
from innendienst.lib.csv_file import csv_bytes
from innendienst.workplace.letters.sheets import has_postal_address, sheets_of


@require_POST
@allow("campaign.write")
def letter_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand letters out, `as` a workbook, as CSV or to be printed; who is in it is marked as written to.

    With `again` those too who were written to before and may be once more.
    """
    campaign = get_object_or_404(Campaign, pk=pk, state__in=Campaign.OPEN)
    try:
        letters = hand_out(actor=request.user, campaign=campaign, again=bool(request.POST.get("again")))
    except NoText:
        messages.error(request, _("The concept says no text of the letter; nobody was written to. Write it into the concept first."))
        return redirect("campaigns:detail", pk)
    if not letters:
        messages.info(request, _("Nobody is left to be written to: all got a letter, or none is allowed."))
        return redirect("campaigns:detail", pk)
    match request.POST.get("as"):
        case "print":
            return redirect("campaigns:letter_print", pk)
        case "csv":
            return _csv(campaign, letters)
    return downloads.table(f"{_name(campaign)}.xlsx", _("Letters"), _head(), (one.cells for one in letters))


@require_safe
@allow("campaign.write")
def letter_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters handed out today, a sheet each; opening it writes nothing, so that a jammed printer costs nobody a letter."""
    campaign, on = get_object_or_404(Campaign, pk=pk), timezone.localdate()
    sheets = sheets_of(campaign, handed_out(request.user, campaign, on), on)
    context = {"campaign": campaign, "sheets": sheets, "on": on, "has_sender": has_postal_address()}
    return render(request, "campaigns/letters.html", context)


def _csv(campaign: Campaign, letters: list[Letter]) -> HttpResponse:
    answer = HttpResponse(csv_bytes(_head(), (one.cells for one in letters)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{_name(campaign)}.csv")
    return answer


def _name(campaign: Campaign) -> str:
    return _("%(name)s letters") % {"name": campaign.name}


def _head() -> tuple[str, ...]:
    return (
        _("Customer number"), _("Company"), _("Contact"), _("Street"), _("Postcode"), _("Town"), _("Country"), _("Subject"),
        _("Salutation"), _("Text"), _("Closing"),
    )  # fmt: skip
