"""The phone rings: a telephone system opens this address with the caller's number, and the right customer stands there."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import allow
from customers.models import Contact, Customer
from innendienst.lib import phones
from innendienst.workplace.addresses import incoming_url

NUMBER_LENGTH_MOST = 40
CUSTOMERS_MOST = 20
EXTENSION_DIGITS_MOST = 4
"""So many digits at the end may be an extension that we do not know, while we know the company's number."""
DIGITS_LEAST = 6


@require_safe
@never_cache
@allow("call.log")
def call_incoming(request: HttpRequest) -> HttpResponse:
    """One customer: the form for his call. Several or none: the search for the number. Machines ask by `Accept: application/json`."""
    number = request.GET.get("number", "").replace("\0", "")[:NUMBER_LENGTH_MOST].strip()
    if not phones.search_digits(number):
        return JsonResponse({"error": _("The number is missing: ?number=+4930…")}, status=400)
    callers = find_callers(request.user, number)
    if request.accepts("text/html"):
        return redirect(incoming_url(callers[0].pk) if len(callers) == 1 else f"{reverse('search')}?{urlencode({'q': number})}")
    rows = [{"id": one.pk, "number": one.number, "name": one.name, "url": incoming_url(one.pk)} for one in callers]
    return JsonResponse({"customers": rows})


def find_callers(user: User, number: str) -> list[Customer]:
    """Visible customers who are reached at the number, or one of whose people is; else those whose number it extends."""
    e164 = phones.parse(number).e164
    if not e164:
        return []
    for tried in _shortened(e164):
        found = _reached_at(user, tried, is_whole=tried == e164)
        if found:
            return found
    return []


def _shortened(e164: str) -> Iterator[str]:
    for cut in range(EXTENSION_DIGITS_MOST + 1):
        if len(e164) - cut > DIGITS_LEAST:
            yield e164[: len(e164) - cut]


def _reached_at(user: User, e164: str, *, is_whole: bool) -> list[Customer]:
    """By the number itself; of a shortened one, the company's switchboard, which ends in a zero or in nothing."""
    switchboards = [e164] if is_whole else [e164, f"{e164}0"]
    people = Contact.objects.visible_to(user).filter(Q(phone_e164=e164) | Q(mobile_e164=e164)) if is_whole else Contact.objects.none()
    gone = Customer.objects.for_system("the number of one that was merged").filter(phone_e164__in=switchboards).exclude(merged_into=None)
    known = Q(phone_e164__in=switchboards) | Q(pk__in=people.values("customer")) | Q(pk__in=gone.values("merged_into"))
    return list(
        Customer.objects.visible_to(user).filter(known, merged_into=None).order_by("is_inactive", "sort_key", "pk")[:CUSTOMERS_MOST]
    )
