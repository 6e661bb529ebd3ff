"""Who talks with a customer at the moment: noted when somebody dials or writes a note, shown to the others, kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.models import Customer
from innendienst.base import presence
from innendienst.workplace.errors import asked_for_by_the_page
from innendienst.workplace.reads import visible_customer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@asked_for_by_the_page
@allow("call.log")
def call_talking(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the note that a colleague talks with the customer, nothing without one. POST: it is the reader himself who does."""
    customer = visible_customer(request.user, pk)
    if request.method == "POST":
        if presence.who_is_at(_thing(customer)) in {None, request.user.pk}:
            presence.enter(_thing(customer), request.user.pk)
        return HttpResponse(status=204)
    return render(request, "workplace/partials/talking.html", {"said": _said(request.user, customer)})


def done_talking(user: User, customer: Customer) -> None:
    """The call is saved."""
    presence.leave(_thing(customer), user.pk)


def _said(user: User, customer: Customer) -> str:
    at = presence.who_is_at(_thing(customer))
    if at is None or at == user.pk:
        return ""
    colleague = User.objects.filter(pk=at).first() if allowed(user, "author.see") else None
    return _("%(name)s is talking with this customer just now.") % {"name": colleague.full_name if colleague else _("A colleague")}


def _thing(customer: Customer) -> str:
    return f"customer:{customer.pk}"
