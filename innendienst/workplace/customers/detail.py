"""The page of one customer: the call card, and around it what he buys, who is there and what happened."""

from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from customers import buying
from customers.follow_ups import NOTE_LENGTH_MOST, plan_follow_up
from customers.models import Activity, ContactBlock, Customer
from customers.order_rows import latest_orders
from customers.tags import tags_of
from customers.timeline import latest_contacts, load_timeline
from innendienst.lib import display
from innendienst.lib.dates import NonexistentTimeError
from innendienst.lib.prepared import Param, Prepared
from innendienst.workplace.call.context import fresh_card
from innendienst.workplace.call.load import load_card
from innendienst.workplace.chips import Chip, chips_markup, due_day_and_time
from innendienst.workplace.context import Frame
from innendienst.workplace.customers.people import person_rows
from innendienst.workplace.customers.purchases import habits, months_picture
from innendienst.workplace.fields import ComingDayField, PlainTextField
from innendienst.workplace.needs.views import known_needs
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.reads import LATEST_MOST, visible_customer
from innendienst.workplace.referrals.links import referral_links

_BLOCKS = Prepared(
    lambda: (
        ContactBlock.objects.for_system("a customer already visible")
        .filter(customer=Param("customer"))
        .select_related("contact")
        .order_by("-set_on", "-pk")
    )
)


class FollowUpForm(forms.Form):
    due_on = ComingDayField(required=True, error_messages={"required": gettext_lazy("Date: choose a day.")})
    due_time = forms.TimeField(required=False, error_messages={"invalid": gettext_lazy("Time: expected is 14:05.")})
    note = PlainTextField(label=gettext_lazy("Note"), length_most=NOTE_LENGTH_MOST)


@require_safe
@never_cache
@allow("customer.see")
def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request.user, pk)
    if customer.pk != pk:
        messages.info(request, _("The customer you asked for was merged into this one."))
        return redirect(customer)
    return _page(request, customer)


@require_POST
@allow("followup.edit")
def follow_up_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the customer come back on a day to the person who asks."""
    customer = visible_customer(request.user, pk)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, form, status=422)
    asked_on = form.cleaned_data["due_on"]
    try:
        planned = plan_follow_up(actor=request.user, customer=customer, **form.cleaned_data)
    except NonexistentTimeError:
        facts = {"time": f"{form.cleaned_data['due_time']:%H:%M}", "day": display.date(asked_on)}
        form.add_error("due_time", _("Time %(time)s: this time does not exist on %(day)s (clocks go forward).") % facts)
        return _page(request, customer, form, status=422)
    said = _("Follow-up for %(day)s saved.")
    if planned.due_on != asked_on:
        said = _("Follow-up for %(day)s saved (%(asked)s is no working day).")
    facts = {"day": due_day_and_time(planned), "asked": display.due(asked_on)}
    say_with_undo(request, said % facts, reverse("follow_up_take_back", args=[planned.pk]))
    return redirect(customer)


def _page(request: HttpRequest, customer: Customer, form: FollowUpForm | None = None, status: int = 200) -> HttpResponse:
    user, today, frame = request.user, timezone.localdate(), Frame(request)
    is_incoming = request.GET.get("direction") == Activity.Direction.INCOMING
    contacts = latest_contacts(customer)
    shown = fresh_card(user, load_card(user, customer, today, latest=contacts[:LATEST_MOST]), back="customer", is_incoming=is_incoming)
    bought = buying.load_buying(customer, frame.data_state.last_order_on if frame.data_state else today)
    blocks = list(_BLOCKS(customer=customer.pk)) if customer.has_blocks else []
    tags = tags_of([customer.pk]) if customer.has_tags else {}
    marks = (*_marks(customer, blocks), *shown["card"].standing, *(Chip(tag) for tag in tags.get(customer.pk, ())))
    context = {
        **shown,
        "frame": frame,
        # The page's own history tells more than the card's last contacts, and its marks stand above all of it.
        "card": replace(shown["card"], latest=[], standing=()),
        "customer": customer,
        "marks": chips_markup(marks) if marks else "",
        "people": person_rows(shown["card"], may_edit=allowed(user, "customer.edit")),
        "timeline": load_timeline(user, customer, contacts, blocks),
        "habits": habits(bought.products),
        "buying": bought,
        "picture": months_picture(bought.months),
        "orders": latest_orders(customer),
        "referrals": referral_links(user, customer),
        "needs": known_needs(customer),
        "follow_up_form": form or FollowUpForm(),
        "may_plan": allowed(user, "followup.edit"),
        "may_pick": allowed(user, "day.work"),
        "may_edit": allowed(user, "customer.edit"),
        "may_administer": allowed(user, "admin.use"),
    }
    return render(request, "customers/customer_detail.html", context, status=status)


def _marks(customer: Customer, blocks: list[ContactBlock]) -> Iterable[Chip]:
    for block in (block for block in blocks if block.contact_id is None and block.lifted_at is None):
        yield Chip(f"{block.get_kind_display()}: {block.get_channel_display()}" if block.channel else block.get_kind_display(), "bad")
    if customer.wants_visit:
        yield Chip(_("Wants a visit"), "due")
    if customer.delivery_block:
        yield Chip(_("Delivery stopped"), "bad")
    if customer.is_inactive:
        yield Chip(_("Inactive"))
    if customer.is_collective:
        yield Chip(_("Collective account"))
