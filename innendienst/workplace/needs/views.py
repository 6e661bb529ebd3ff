"""What a customer needs: the part that opens in the call form, and the same as a page of its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow
from customers.models import Customer, Need, ProductGroup
from customers.needs import NeedConflict, keep_needs
from innendienst.lib import display
from innendienst.workplace.needs.forms import NeedLine, fresh_lines, refusals, sent_lines, told_by
from innendienst.workplace.reads import visible_customer

CALL_PART = "call-needs"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
@allow("call.log")
def needs_edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request.user, pk)
    if request.htmx.target == CALL_PART:
        return render(request, "needs/partials/lines.html", lines_context(fresh_lines(known_needs(customer))))
    lines = sent_lines(request.POST) if request.method == "POST" else fresh_lines(known_needs(customer))
    said = refusals(lines)
    if request.method == "POST" and not said:
        try:
            keep_needs(actor=request.user, customer=customer, told=told_by(lines))
        except NeedConflict as conflict:
            said = [conflict_text(conflict.need)]
        else:
            messages.success(request, _("%(customer)s: need saved.") % {"customer": customer})
            return redirect(customer)
    context = {"customer": customer, "messages_of_form": said, **lines_context(lines)}
    return render(request, "needs/needs_edit.html", context, status=422 if said else 200)


def known_needs(customer: Customer) -> list[Need]:
    """What is known of a customer found by visible_to; asks only where there may be something."""
    if not customer.has_needs:
        return []
    known = Need.objects.for_system("a customer already visible").known().filter(customer=customer)
    return list(known.select_related("group", "told_to"))


def lines_context(lines: list[NeedLine]) -> dict:
    """What partials/lines.html shows."""
    taken = {line.known_group.pk for line in lines if line.known_group}
    return {"lines": lines, "groups": [group for group in ProductGroup.objects.all() if group.pk not in taken]}


def conflict_text(need: Need) -> str:
    """Somebody else wrote about the same group: what stands there now."""
    shown = ", ".join(filter(None, [need.supplier, need.contract_until and display.date(need.contract_until)]))
    text = _("%(group)s: somebody else has changed the need meanwhile, it says “%(theirs)s”. Open it again and save what is true.")
    return text % {"group": need.group.name, "theirs": shown or "–"}
