"""Acts on today's list without a call: not today, back again, onto my list, tomorrow's follow-ups forward."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import allow
from campaigns import day_list
from customers.models import Customer
from innendienst.workplace.addresses import day_url, known_kind, posted_id
from innendienst.workplace.day.empty import tomorrows_follow_ups
from innendienst.workplace.day.load import next_customer_id
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.reads import visible_customer


@require_POST
@allow("day.work")
def day_not_today(request: HttpRequest) -> HttpResponse:
    """Leave a customer out today; his reasons stay for tomorrow."""
    customer = visible_customer(request.user, posted_id(request.POST.get("customer")))
    kind, today = known_kind(request.POST.get("kind")), timezone.localdate()
    day_list.not_today(request.user, today, customer)
    say_with_undo(request, _("%(customer)s: not today.") % {"customer": customer}, reverse("day_again"), customer=customer.pk)
    return redirect(day_url(next_customer_id(request.user, today, customer.pk, kind), kind))


@require_POST
@allow("day.work")
def day_again(request: HttpRequest) -> HttpResponse:
    """Put a customer back onto today's list."""
    customer = visible_customer(request.user, posted_id(request.GET.get("customer")))
    day_list.reopen(request.user, timezone.localdate(), customer)
    return redirect(day_url(customer.pk))


@require_POST
@allow("day.work")
def day_add(request: HttpRequest) -> HttpResponse:
    """Put any customer onto today's list."""
    customer = visible_customer(request.user, posted_id(request.POST.get("customer")))
    day_list.add(request.user, timezone.localdate(), customer)
    messages.success(request, _("%(customer)s is on your list for today.") % {"customer": customer})
    return redirect(customer if request.POST.get("back") == "customer" else day_url(customer.pk))


@require_POST
@allow("day.work")
def day_pull(request: HttpRequest) -> HttpResponse:
    """Bring the follow-ups of the next working day forward onto today's list."""
    today = timezone.localdate()
    due_next = tomorrows_follow_ups(request.user, today).values("customer")
    customers = list(Customer.objects.visible_to(request.user).filter(pk__in=due_next))
    for customer in customers:
        day_list.add(request.user, today, customer)
    text = ngettext("%(count)s customer brought forward.", "%(count)s customers brought forward.", len(customers))
    messages.success(request, text % {"count": len(customers)})
    return redirect("my_day")
