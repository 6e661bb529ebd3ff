"""Complaints of all customers one may see: the open ones with their age, those waiting for the customer's word, and the closed."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import allow
from customers.models import Complaint, ComplaintTransition
from customers.querysets import ComplaintQuerySet
from customers.undo import UNDONE
from innendienst.lib import display
from innendienst.lib.paging import read_page
from innendienst.workplace.chips import Chip, chips_markup

PER_PAGE = 50
State = Complaint.State
OPEN, WAITING, DONE = "open", "waiting", "done"
SHOWN = (
    (OPEN, gettext_lazy("Open ones")),
    (WAITING, gettext_lazy("Waiting for the customer's word")),
    (DONE, gettext_lazy("Confirmed or closed")),
)


class ComplaintRow(NamedTuple):
    """What is unknown stands as "–"."""

    url: str
    customer: str
    title: str
    kind: str
    state: SafeString
    raised: str
    moved: str
    last: str
    satisfied: str
    owner: str


@require_safe
@allow("customer.see")
def complaint_list(request: HttpRequest) -> HttpResponse:
    """The oldest entry first, since that one has waited longest; closed ones youngest first."""
    shown = request.GET.get("show", OPEN)
    shown = shown if shown in {OPEN, WAITING, DONE} else OPEN
    found = _found(Complaint.objects.visible_to(request.user), shown)
    page = read_page(found, request.GET.get("page"), PER_PAGE, _rows)
    context = {"page": page, "shown": shown, "choices": [(code, label, code == shown) for code, label in SHOWN]}
    return render(request, "complaints/complaint_list.html", context)


def _found(seen: ComplaintQuerySet, shown: str) -> ComplaintQuerySet:
    if shown == OPEN:
        return seen.unresolved().order_by("raised_on", "pk")
    if shown == WAITING:
        return seen.filter(state=State.RESOLVED).order_by("raised_on", "pk")
    return seen.filter(state__in=[State.CONFIRMED, State.CLOSED]).order_by("-raised_on", "-pk")


def _rows(ids: Sequence[int]) -> list[ComplaintRow]:
    steps = ComplaintTransition.objects.filter(complaint=OuterRef("pk")).order_by("-pk")
    found = (
        Complaint.objects.for_system("rows found by visible_to")
        .filter(pk__in=ids)
        .select_related("customer__owner")
        .annotate(moved_at=Subquery(steps.values("at")[:1]), last_words=Subquery(steps.values("reason")[:1]))
    )
    known = {complaint.pk: complaint for complaint in found}
    today = timezone.localdate()
    return [_row(known[pk], today) for pk in ids if pk in known]


def _row(complaint: Complaint, today: dt.date) -> ComplaintRow:
    owner = complaint.customer.owner
    moved_on = timezone.localdate(complaint.moved_at) if complaint.moved_at else complaint.raised_on
    tone = "good" if complaint.state in Complaint.SETTLED else "bad"
    return ComplaintRow(
        url=complaint.customer.get_absolute_url(),
        customer=complaint.customer.name,
        title=complaint.title,
        kind=complaint.get_kind_display(),
        state=chips_markup((Chip(complaint.get_state_display(), tone),)),
        raised=display.ago(complaint.raised_on, today),
        moved=display.ago(moved_on, today),
        last=_("taken back") if complaint.last_words == UNDONE else complaint.last_words or display.UNKNOWN,
        satisfied=complaint.get_satisfied_display() or display.UNKNOWN,
        owner=owner.full_name if owner else display.UNKNOWN,
    )
