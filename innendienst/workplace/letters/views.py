"""A single letter: written on a page, logged through the gate, printed after DIN 5008."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, override, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow
from customers.gate_rules import Purpose
from customers.letters import record_letter
from customers.models import Activity, Contact, Customer
from customers.person_mails import greeting
from innendienst.base import form_keys, preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display
from innendienst.workplace.letters.forms import LetterForm
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
    """The letter as it goes into the envelope, in German, or in English to whom English is written."""
    letters = Activity.objects.visible_to(request.user).filter(kind=Activity.Kind.LETTER, voided_at=None)
    letter = get_object_or_404(letters.select_related("customer", "contact", "by"), pk=pk)
    subject, _blank, text = letter.note.partition("\n\n")
    company = preferences.get(CompanyPreferences)
    context = {"letter": letter, "customer": letter.customer, "subject": subject, "paragraphs": text.split("\n\n"), "company": company}
    with override(letter.contact.language if letter.contact else "de"):
        context |= {
            "sender_lines": [line.strip() for line in company.postal_address.splitlines() if line.strip()],
            "address_lines": address_lines(letter.customer, letter.contact),
            "salutation": greeting(letter.contact),
            "day": display.date(timezone.localdate(letter.at)),
            "closing": _("Yours sincerely"),
            "objection": _("You may object to advertising at any time; a short message is enough.") if _sells(letter) else "",
            "labels": {"name": _("Name"), "phone": _("Extension"), "mail": _("E-mail"), "day": _("Date")},
        }
    return render(request, "letters/letter_print.html", context)


def _sells(letter: Activity) -> bool:
    return letter.gate_answer.get("basis") != "service"


def address_lines(customer: Customer, contact: Contact | None) -> list[str]:
    """The address field after DIN 5008: company, person, street, place; the country where it is another one."""
    titles = {"ms": pgettext("address", "Ms"), "mr": pgettext("address", "Mr")}
    person = " ".join(filter(None, [titles.get(contact.salutation, ""), contact.full_name])) if contact else ""
    place = f"{customer.postcode} {customer.town}".strip()
    country = "" if customer.country == "DE" else customer.country
    return [line for line in (customer.name, person, customer.street, place, country) if line]
