"""Where a page goes after an act without a call, and whether the customer leaves today's list with it."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from campaigns import day_list
from campaigns.models import DayListRow, Opportunity
from customers.models import Customer, FollowUp
from innendienst.workplace.addresses import DAY, day_url, known_kind
from innendienst.workplace.day.load import next_customer_id


def after_act(request: HttpRequest, customer: Customer, *, leaves: bool = False) -> HttpResponse:
    """Back to where the act was done; a customer with nothing left to talk about leaves the list if he `leaves`."""
    if request.POST.get("back") != DAY:
        return redirect(customer)
    kind, today = known_kind(request.POST.get("kind")), timezone.localdate()
    if not leaves or _has_reason(request.user, customer):
        return redirect(day_url(customer.pk, kind))
    day_list.not_today(request.user, today, customer)
    return redirect(day_url(next_customer_id(request.user, today, customer.pk, kind), kind))


def come_back(request: HttpRequest, customer: Customer) -> HttpResponse:
    """After an undo: the customer is on today's list again if he had been on it."""
    if request.GET.get("back") != DAY:
        return redirect(customer)
    day_list.reopen(request.user, timezone.localdate(), customer)
    return redirect(day_url(customer.pk))


def _has_reason(user: User, customer: Customer) -> bool:
    today = timezone.localdate()
    due = FollowUp.objects.visible_to(user).due(today).for_person(user, today).filter(customer=customer)
    if due.exists():
        return True
    reasons = Opportunity.objects.visible_to(user).on_the_table().filter(customer=customer)
    return reasons.exists() and _is_for(user, customer, today)


def _is_for(user: User, customer: Customer, today: dt.date) -> bool:
    """Whether he stands on the user's list without anything due: nobody's, his own, an absent colleague's, or added by hand."""
    if customer.owner_id in {None, user.pk} or User.objects.followed_up_by(user, today).filter(pk=customer.owner_id).exists():
        return True
    added = DayListRow.objects.for_system("one's own list").filter(user=user, day=today, source=DayListRow.Source.ADDED)
    return added.filter(customer=customer).exists()
