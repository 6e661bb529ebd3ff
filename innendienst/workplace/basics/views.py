"""Changing a customer's address and numbers, and his people; who was slower chooses field by field."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow
from customers import editing
from customers.models import Contact, Customer
from innendienst.workplace.basics.conflict import compare
from innendienst.workplace.basics.forms import ContactForm, CustomerForm, VersionedForm
from innendienst.workplace.reads import visible_customer

_FORM = ["GET", "HEAD", "POST"]


@require_http_methods(_FORM)
@allow("customer.edit")
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request.user, pk)
    form = CustomerForm(_sent(request), instance=customer)
    return _answer(request, customer, form, fact="customer", title=_("Change basic data"))


@require_http_methods(_FORM)
@allow("customer.edit")
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("customer"), pk=pk)
    return _answer(request, contact.customer, ContactForm(_sent(request), instance=contact), fact="contact", title=_("Change contact"))


@require_http_methods(_FORM)
@allow("customer.edit")
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request.user, pk)
    form = ContactForm(_sent(request), instance=Contact(customer=customer))
    return _answer(request, customer, form, fact="contact", title=_("Add contact"))


def _sent(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _answer(request: HttpRequest, customer: Customer, form: VersionedForm, *, fact: str, title: str) -> HttpResponse:
    context = {"customer": customer, "form": form, "title": title}
    if not (form.is_bound and form.is_valid()):
        return render(request, "basics/basics_edit.html", context, status=422 if form.errors else 200)
    try:
        _save(request, form)
    except editing.EditConflict:
        stored = type(form.instance)._default_manager.visible_to(request.user).get(pk=form.instance.pk)
        conflict = compare(request.user, form, stored, fact)
        return render(request, "basics/basics_conflict.html", {**context, "conflict": conflict}, status=409)
    messages.success(request, _("%(customer)s: saved.") % {"customer": customer})
    return redirect(customer)


def _save(request: HttpRequest, form: VersionedForm) -> None:
    row = form.read()
    if isinstance(row, Customer):
        editing.save_customer(actor=request.user, customer=row)
    else:
        editing.save_contact(actor=request.user, contact=row)
