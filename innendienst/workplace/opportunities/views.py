"""The list of opportunities, its workbook, and acts on many of them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import Team, User
from accounts.permissions import CAPABILITIES, allow, allowed
from campaigns import acts
from campaigns.models import Kind, Opportunity
from innendienst.lib import display, downloads
from innendienst.lib.typed import parse_id, parse_ids
from innendienst.workplace.call.answers import DISMISSED_REASONS
from innendienst.workplace.fields import ComingDayField
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.opportunities import doing
from innendienst.workplace.opportunities.filters import DUE, STATES, VALUES, OpportunityFilter, without_order
from innendienst.workplace.opportunities.listing import PER_PAGE, export_head, export_rows, known_sort, read_opportunities

RESULTS = "results"


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
@allow("customer.see")
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """All opportunities of customers this person may see, narrowed and sorted by the address."""
    filters, sort = _filters(request.user, request.GET), known_sort(request.GET.get("sort"))
    shows_margin = allowed(request.user, "margin.see")
    chosen = filters.form.cleaned_data
    visible, may_assign = Opportunity.objects.visible_to(request.user), allowed(request.user, "opportunity.assign")
    asked = visible.asked_about()
    context = {
        "page": read_opportunities(filters.qs, sort=sort, number=request.GET.get("page"), shows_margin=shows_margin),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "sort": sort,
        "query": request.GET.urlencode(),
        "kinds": Kind.choices,
        "states": STATES,
        "values": [(value, f"≥ {display.euros(value)}") for value in VALUES],
        "dues": DUE,
        "owners": _owners(),
        "teams": list(Team.objects.all()),
        "dismissed_reasons": DISMISSED_REASONS,
        "without_order_count": without_order(visible).count(),
        # The question is for whoever sold it; the management sees all that wait for an answer.
        "asked_count": (asked if may_assign else asked.filter(owner=request.user)).count(),
        "may_answer": allowed(request.user, "opportunity.answer"),
        "may_hand_over": allowed(request.user, "handover.see"),
        "may_edit_guides": allowed(request.user, "guides.edit"),
        "may_edit_rules": allowed(request.user, "rules.edit"),
        "may_assign": may_assign,
    }
    part = "#results" if request.htmx.target == RESULTS else ""
    return render(request, f"opportunities/opportunity_list.html{part}", context)


@require_safe
@allow("customer.see")
def opportunity_export(request: HttpRequest) -> HttpResponse:
    """What the list shows as a workbook."""
    filters, shows_margin = _filters(request.user, request.GET), allowed(request.user, "margin.see")
    rows = export_rows(filters.qs, sort=known_sort(request.GET.get("sort")), shows_margin=shows_margin)
    name = _("Opportunities %(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    return downloads.table(name, _("Opportunities"), export_head(shows_margin=shows_margin), rows)


@require_POST
@allow("opportunity.answer")
def opportunities_act(request: HttpRequest) -> HttpResponse:
    """Plan, dismiss or assign the chosen ones; each that cannot be is named with the reason."""
    ids = parse_ids(request.POST.getlist("chosen"))[:PER_PAGE]
    visible = Opportunity.objects.visible_to(request.user).filter(pk__in=ids)
    chosen = list(visible.select_related("customer").order_by("customer", "pk"))
    if not chosen:
        messages.error(request, _("No opportunity is chosen. Tick the rows first."))
        return _back(request.POST)
    act = {"plan": _plan, "dismiss": _dismiss, "assign": _assign}.get(request.POST.get("do", ""))
    if act is not None and (done := act(request, chosen)) is not None:
        text, ids, refused = done
        if ids:
            token = doing.undo_token(request.user, ids)
            say_with_undo(request, text, reverse("opportunities:undo"), token=token, query=request.POST.get("query"))
        for sentence in refused:
            messages.error(request, sentence)
    return _back(request.POST)


@require_POST
@allow("opportunity.answer")
def opportunities_undo(request: HttpRequest) -> HttpResponse:
    """Take one's own last act back while it is fresh."""
    count = doing.undo(request.user, request.GET.get("token", ""))
    if count:
        text = ngettext("%(count)s opportunity is as it was.", "%(count)s opportunities are as they were.", count)
        messages.info(request, text % {"count": display.number(count)})
    else:
        messages.error(request, _("Not undone: it is more than two minutes ago, or somebody went on with it."))
    if (back := parse_id(request.GET.get("detail", ""))) is not None:
        return redirect("opportunities:detail", back)
    return _back(request.GET)


def _plan(request: HttpRequest, chosen: list[Opportunity]):
    try:
        due_on = ComingDayField(required=True).clean(request.POST.get("due_on", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    ids, refused = doing.do_many(chosen, lambda one: acts.plan(actor=request.user, opportunity=one, due_on=due_on))
    text = ngettext("%(count)s opportunity planned for %(day)s.", "%(count)s opportunities planned for %(day)s.", len(ids))
    return text % {"count": display.number(len(ids)), "day": display.due(due_on)}, ids, refused


def _dismiss(request: HttpRequest, chosen: list[Opportunity]):
    reason = request.POST.get("reason", "")
    if reason not in DISMISSED_REASONS:
        messages.error(request, _("Does not fit: choose why."))
        return None
    ids, refused = doing.do_many(chosen, lambda one: acts.dismiss(actor=request.user, opportunity=one, reason=reason))
    text = ngettext("%(count)s opportunity does not fit and rests.", "%(count)s opportunities do not fit and rest.", len(ids))
    return text % {"count": display.number(len(ids))}, ids, refused


def _assign(request: HttpRequest, chosen: list[Opportunity]):
    typed = request.POST.get("owner", "")
    owner = next((user for user in _owners() if str(user.pk) == typed), None)
    if owner is None:
        messages.error(request, _("Choose who is to take them up."))
        return None
    day = acts.default_day()
    ids, refused = doing.do_many(chosen, lambda one: acts.assign(actor=request.user, opportunity=one, owner=owner, due_on=day))
    text = ngettext("%(count)s opportunity given to %(owner)s.", "%(count)s opportunities given to %(owner)s.", len(ids))
    return text % {"count": display.number(len(ids)), "owner": owner.full_name}, ids, refused


def _owners() -> list[User]:
    return [user for user in User.objects.active() if user.role in CAPABILITIES["opportunity.answer"]]


def _filters(user: User, query: QueryDict) -> OpportunityFilter:
    filters = OpportunityFilter(query, queryset=Opportunity.objects.visible_to(user), user=user)
    filters.form.is_valid()  # fills cleaned_data; what cannot be read filters nothing
    return filters


def _back(said: QueryDict) -> HttpResponse:
    query = QueryDict(said.get("query", "")).urlencode()
    return redirect(f"{reverse('opportunities:list')}?{query}" if query else "opportunities:list")
