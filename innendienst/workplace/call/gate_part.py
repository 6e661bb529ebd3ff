"""The gate's word when another person is chosen in the call form."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import allow
from customers.gate import sign
from innendienst.workplace import reads
from innendienst.workplace.addresses import posted_id
from innendienst.workplace.call.gate_markup import gate_markup
from innendienst.workplace.call.opening import asked_gate


@require_safe
@never_cache
@allow("call.log")
def call_gate(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the form that says why this person may be called. Without scripts the save asks the same."""
    customer = reads.visible_customer(request.user, pk)
    contact_id = posted_id(request.GET["contact"]) if request.GET.get("contact") else None
    gate = asked_gate(request.user, customer, contact_id, reads.open_reasons([customer.pk]), timezone.localdate())
    return HttpResponse(gate_markup(gate, sign(gate, customer, contact_id)))
