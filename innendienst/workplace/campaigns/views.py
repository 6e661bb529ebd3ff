"""Campaigns: list, page, concept, target group and the acts that move them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from campaigns.special import acts
from campaigns.special.acts import ConceptRefused
from campaigns.special.models import Campaign, OfferCondition
from campaigns.special.words import too_thin_text
from customers.models import Segment
from customers.segments import PICKED
from innendienst.lib import display
from innendienst.lib.paging import read_page
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.lib.typed import parse_id
from innendienst.workplace.campaigns.forms import LABELS, SHARES, CampaignForm, condition_forms
from innendienst.workplace.campaigns.shown import chosen_share, detail_context, opened_target, preview_of, share_for, share_of, size_warning
from innendienst.workplace.measures.forms import GoalField
from innendienst.workplace.segments.forms import CriteriaForm, SegmentForm
from innendienst.workplace.segments.views import open_segments

PER_PAGE = 50
CHANGED = gettext_noop("Somebody changed this campaign while you were writing. Your text is still here; saving once more puts it in.")
State = Campaign.State


@require_safe
@allow("campaign.see")
def campaign_list(request: HttpRequest) -> HttpResponse:
    found = Campaign.objects.select_related("owner")
    which = request.GET.get("show", "")
    if which != "all":
        found = found.exclude(state__in=[State.EVALUATED, State.CANCELLED])
    page = read_page(found, request.GET.get("page"), PER_PAGE)
    context = {
        "page": page,
        "which": which,
        "has_ended": not page.rows and which != "all" and Campaign.objects.exists(),
        "may_write": allowed(request.user, "campaign.write"),
    }
    return render(request, "campaigns/campaign_list.html", context)


@require_safe
@allow("campaign.see")
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; while the target group is being frozen it asks for the progress alone, and is loaded anew once that is done."""
    campaign = _found(pk)
    if request.htmx and campaign.frozen_at:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "campaigns/campaign_detail.html", detail_context(request.user, campaign))


@require_http_methods(["GET", "HEAD", "POST"])
@allow("campaign.write")
def campaign_concept(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Texts, days and conditions of a new campaign or one there is; a condition that leaves too little is refused with its line.

    Whoever may approve does it here too, for a small campaign with a saved filter.
    """
    campaign = _found(pk) if pk else None
    data = request.POST if request.method == "POST" else None
    segments = open_segments(request.user)
    form, rows = CampaignForm(campaign, data, segments=segments), condition_forms(campaign, data)
    status = 200
    if data is not None:
        status = 422
        if all([form.is_valid(), *(row.is_valid() for row in rows)]):
            try:
                saved = _save_concept(request, campaign, form, [one for row in rows if (one := row.condition)])
            except ConceptRefused as error:
                for text in _refusals(request.user, error):
                    form.add_error(None, text)
            except (StateConflict, TransitionRefused):
                status = 409
                form.add_error(None, _(CHANGED))
            else:
                messages.success(request, _saved(saved))
                return redirect("campaigns:detail", saved.pk)
        campaign = _found(pk) if pk else None
    context = {
        "campaign": campaign,
        "form": form,
        "rows": rows,
        "is_new_version": campaign is not None and campaign.is_open,
        "has_segments": bool(segments) and (campaign is None or campaign.state in Campaign.WRITABLE),
        "may_approve": allowed(request.user, "campaign.approve") and (campaign is None or campaign.state in Campaign.WRITABLE),
    }
    return render(request, "campaigns/campaign_concept.html", context, status=status)


def _saved(campaign: Campaign) -> str:
    if campaign.is_open and (latest := campaign.versions.first()) and latest.number > 1:
        return _("Version %(number)s of “%(name)s” saved; open reasons say it at once.") % {"number": latest.number, "name": campaign}
    return _("Campaign “%(name)s”: %(state)s.") % {"name": campaign, "state": campaign.get_state_display()}


@transaction.atomic
def _save_concept(request: HttpRequest, campaign: Campaign | None, form: CampaignForm, conditions: list[OfferCondition]) -> Campaign:
    """Begin or change a concept; with `approve` in the form hand it in and approve it at once. All of it or nothing."""
    values = dict(form.cleaned_data)
    segment = values.pop("segment")
    if campaign is None:
        campaign = acts.make(actor=request.user, campaign=Campaign(**values))
    else:
        campaign.version = parse_id(request.POST.get("version", "")) or 0
    if segment and campaign.state in Campaign.WRITABLE:
        values |= {"criteria": segment.criteria, "control_share": share_for(segment.criteria, chosen_share(campaign))}
    acts.write(actor=request.user, campaign=campaign, conditions=conditions, **values)
    if "approve" in request.POST:
        if not campaign.criteria:
            raise ConceptRefused("target")
        acts.approve_at_once(actor=request.user, campaign=campaign)
    return campaign


@require_http_methods(["GET", "HEAD", "POST"])
@allow("campaign.write")
def campaign_target(request: HttpRequest, pk: int) -> HttpResponse:
    """The filter of the target group, with its size while it is being put together."""
    campaign = _found(pk)
    if campaign.state not in Campaign.WRITABLE:
        messages.error(request, _("The target group is fixed once a campaign is handed in."))
        return redirect("campaigns:detail", pk)
    segments = open_segments(request.user)
    chosen = next((one.criteria for one in segments if str(one.pk) == request.GET.get("segment")), campaign.criteria)
    data = request.POST if request.method == "POST" else None
    form, saving = CriteriaForm(chosen, data, user=request.user), SegmentForm(data)
    if data is not None and form.is_valid() and saving.is_valid():
        campaign.version = parse_id(data.get("version", "")) or 0
        share = share_for(form.criteria, data.get("control", ""))
        by_filter = {key: value for key, value in form.criteria.items() if key != PICKED}
        try:
            acts.write(actor=request.user, campaign=campaign, criteria=form.criteria, control_share=share)
        except (StateConflict, TransitionRefused):
            form.add_error(None, _(CHANGED))
            campaign = _found(pk)
        else:
            if name := saving.cleaned_data["segment_name"]:
                Segment.objects.create(name=name, criteria=by_filter, made_by=request.user)
            messages.success(request, _("Target group saved."))
            if warning := size_warning(request.user, campaign):
                messages.warning(request, warning)
            return redirect("campaigns:detail", pk)
    share, preview = opened_target(request.user, campaign, chosen) if data is None else (data.get("control", ""), None)
    context = {
        "campaign": campaign,
        "form": form,
        "saving": saving,
        "shares": [(str(value), label) for value, label in SHARES],
        "segments": segments,
        "share": share,
        "preview": preview,
    }
    return render(request, "campaigns/campaign_target.html", context, status=422 if data is not None else 200)


@require_safe
@allow("campaign.write")
def target_count(request: HttpRequest, pk: int) -> HttpResponse:
    """How many customers the filter finds and what they are worth, while it is being put together."""
    campaign = _found(pk)
    form = CriteriaForm({PICKED: campaign.criteria.get(PICKED)}, request.GET, user=request.user)
    preview = preview_of(request.user, form.criteria, share_of(request.GET.get("control", "")), campaign) if form.is_valid() else None
    return render(request, "segments/partials/size.html", {"preview": preview, "form": form})


@require_POST
@allow("campaign.write")
def campaign_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, approve, send back, cancel, conclude, note costs; what does not follow is said."""
    campaign, act, reason = _found(pk), request.POST.get("act", ""), request.POST.get("reason", "").strip()
    do = {"submit": acts.submit, "approve": acts.approve, "approve_at_once": acts.approve_at_once, "conclude": acts.conclude}.get(act)
    try:
        if do is not None:
            campaign.version = parse_id(request.POST.get("version", "")) or 0
            do(actor=request.user, campaign=campaign)
        elif act in {"send_back", "cancel"} and not reason:
            messages.error(request, _("Say why, so that the others know."))
            return redirect("campaigns:detail", pk)
        elif act in {"send_back", "cancel"}:
            {"send_back": acts.send_back, "cancel": acts.cancel}[act](actor=request.user, campaign=campaign, reason=reason)
        elif act == "costs":
            return _costs(request, campaign)
    except ConceptRefused as error:
        for text in _refusals(request.user, error):
            messages.error(request, text)
    except (StateConflict, TransitionRefused):
        messages.error(request, _("This step does not follow any more: somebody has changed the campaign. Look at it again."))
    else:
        messages.success(request, _("Campaign “%(name)s”: %(state)s.") % {"name": campaign.name, "state": campaign.get_state_display()})
    return redirect("campaigns:detail", pk)


def _costs(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    form = GoalField(label=_("Costs so far"))
    try:
        costs = form.clean(request.POST.get("costs", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        acts.note_costs(actor=request.user, campaign=campaign, costs=costs or 0)
        messages.success(request, _("Costs noted: %(amount)s.") % {"amount": display.euros(costs or 0, decimals=2)})
    return redirect("campaigns:detail", campaign.pk)


def _refusals(user: User, error: ConceptRefused) -> list[str]:
    if error.code == "margin":
        shows_margin = allowed(user, "margin.see")
        return [too_thin_text(line, shows_margin=shows_margin) for line in error.lines]
    if error.code == "placeholder":
        return [_placeholder_text(error)]
    if error.code == "nobody":
        return [_("The filter of the target group finds no customer: there is nobody to speak to. Set the target group first.")]
    if error.code == "over":
        return [_("The last day of this campaign is over. Choose other days first.")]
    if error.code == "target":
        return [_("Say for whom it is: choose a saved filter, or save the concept and set the target group.")]
    return [_("The concept says neither what is offered nor what to say. Write it down first.")]


def _placeholder_text(error: ConceptRefused) -> str:
    text = _(
        "%(field)s: %(name)s would reach the customer as it stands. Texts of a campaign have no placeholders; salutation and closing "
        "come by themselves. Write it without braces."
    )
    return text % {"field": capfirst(LABELS[error.field]), "name": error.name}


def _found(pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("owner"), pk=pk)
