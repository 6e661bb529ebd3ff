"""Somebody calls whom nobody knows: a company put on record by whoever speaks with it, before the ERP gives it a number."""

import uuid

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Role, User
from accounts.permissions import allow, allowed
from customers.leads import add_lead, add_person
from customers.models import Contact, Customer
from innendienst.base import form_keys
from innendienst.lib import phones
from innendienst.lib.folding import sort_key
from innendienst.workplace.addresses import incoming_url


class ProspectForm(forms.ModelForm):
    """The company, and whom one speaks with there. Refuses one that stands there already; of another at the same number it asks."""

    key = forms.UUIDField(initial=form_keys.fresh, widget=forms.HiddenInput)
    is_another = forms.BooleanField(label=gettext_lazy("Another company at the same number"), required=False, widget=forms.HiddenInput)
    salutation = forms.ChoiceField(label=gettext_lazy("Salutation"), choices=[("", "–"), *Contact.Salutation.choices], required=False)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=80, required=False)

    class Meta:
        model = Customer
        fields = ("name", "phone", "postcode", "town", "industry")

    def __init__(self, *args, user: User, **options) -> None:
        super().__init__(*args, **options)
        self._user = user

    def clean(self) -> dict:
        values = super().clean()
        if "key" in values and not form_keys.is_used(values["key"]):  # sent again, it is the company that it made
            self._refuse_known(values)
        if values.get("first_name") and not values.get("last_name"):
            self.add_error("last_name", _("Last name: enter it, or leave the first name out."))
        return values

    def _refuse_known(self, values: dict) -> None:
        """Raises ValidationError."""
        known = Customer.objects.visible_to(self._user).filter(merged_into=None)
        name, town, number = values.get("name"), values.get("town"), phones.parse(values.get("phone") or "").e164
        same = known.filter(sort_key=sort_key(name)) if name else known.none()
        if here := same.filter(Q(town__iexact=town) | Q(town="") if town else Q()).first():
            raise forms.ValidationError(_("On record already: %(customer)s. Search for the number.") % {"customer": _named(here)})
        if number and not values.get("is_another") and (here := known.filter(phone_e164=number).first()):
            self.fields["is_another"].widget = forms.CheckboxInput()
            raise forms.ValidationError(
                _("%(customer)s has this telephone number. Tick “Another company” if it is not the same.") % {"customer": _named(here)}
            )


def _named(customer: Customer) -> str:
    return f"{customer.name} ({customer.number})"


@require_http_methods(["GET", "HEAD", "POST"])
@allow("lead.add")
def prospect_add(request: HttpRequest) -> HttpResponse:
    """The form, filled with what was searched for in vain, and what it leads to: the form for the call."""
    form = ProspectForm(request.POST if request.method == "POST" else None, initial=_searched(request), user=request.user)
    if form.is_valid():
        customer = _added_once(request.user, **form.cleaned_data)
        messages.success(request, _("%(customer)s added.") % {"customer": customer})
        return redirect(incoming_url(customer.pk) if allowed(request.user, "call.log") else customer)
    return render(request, "basics/prospect_add.html", {"form": form}, status=422 if form.errors else 200)


def _searched(request: HttpRequest) -> dict[str, str]:
    text = request.GET.get("q", "").replace("\0", "").strip()
    return {"phone" if phones.parse(text).e164 else "name": text}


def _added_once(actor: User, *, key: uuid.UUID, is_another: bool, **entered) -> Customer:
    stored = form_keys.once(key, actor, lambda: {"customer": _add(actor, **entered).pk})
    return Customer.objects.visible_to(actor).get(pk=stored["customer"])


def _add(actor: User, *, salutation: str, first_name: str, last_name: str, **company) -> Customer:
    whose = {Role.REP: {"owner": actor}, Role.FIELD_SALES: {"field_owner": actor}}.get(Role(actor.role), {})
    customer = add_lead(actor=actor, lifecycle=Customer.Lifecycle.PROSPECT, **whose, **company)
    if last_name:
        add_person(actor=actor, customer=customer, salutation=salutation, first_name=first_name, last_name=last_name)
    return customer
