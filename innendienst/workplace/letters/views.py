"""A single letter: written on a page, logged through the gate, printed after DIN 5008."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow
from customers.gate_rules import Purpose
from customers.letters import record_letter
from customers.models import Activity, Customer
from innendienst.base import form_keys
from innendienst.workplace.letters.forms import LetterForm
from innendienst.workplace.letters.sheets import has_postal_address, sheet_of
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.reads import visible_customer


@require_http_methods(["GET", "HEAD", "POST"])
@allow("call.log")
def letter_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to a customer; what the gate allows is logged and stands ready to be printed."""
    customer = visible_customer(request.user, pk)
    first = customer.contacts.first()
    shown = {"key": form_keys.fresh(), "purpose": Purpose.SALES, "contact": request.GET.get("contact") or (first and first.pk)}
    form = LetterForm(customer, request.POST if request.method == "POST" else None, initial=shown)
    if form.is_bound and form.is_valid():
        activity_id = form_keys.once(form.cleaned_data["key"], request.user, lambda: {"activity": _record(request, customer, form).pk})[
            "activity"
        ]
        undo_url = reverse("call_undo", args=[activity_id])
        say_with_undo(request, _("Letter to %(customer)s logged.") % {"customer": customer}, undo_url, back="customer")
        return redirect("letter_print", activity_id)
    return render(request, "letters/letter_write.html", {"customer": customer, "form": form}, status=422 if form.errors else 200)


def _record(request: HttpRequest, customer: Customer, form: LetterForm) -> Activity:
    given = form.cleaned_data
    return record_letter(
        actor=request.user, customer=customer, contact=form.person, subject=given["subject"], text=given["text"],
        gate_answer=given["gate_answer"],
    )  # fmt: skip


@require_safe
@allow("call.log")
def letter_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as it goes into the envelope."""
    letters = Activity.objects.visible_to(request.user).filter(kind=Activity.Kind.LETTER, voided_at=None)
    letter = get_object_or_404(letters.select_related("customer", "contact", "by"), pk=pk)
    context = {"customer": letter.customer, "sheet": sheet_of(letter), "has_sender": has_postal_address()}
    return render(request, "letters/letter_print.html", context)
