"""A "no" to advertising, written down by whoever hears it: of one person or of the whole company, by one way or by all."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow
from customers.blocks import block_contact
from customers.models import Contact, ContactBlock, Customer
from customers.models.permissions import Channel
from innendienst.workplace.fields import PlainTextField
from innendienst.workplace.reads import visible_customer

COMPANY = "company"


class ObjectionForm(forms.Form):
    contact = forms.ChoiceField(label=gettext_lazy("Who objects"))
    channel = forms.ChoiceField(
        label=gettext_lazy("To advertising"),
        choices=[("", gettext_lazy("by any channel")), *Channel.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = PlainTextField(label=gettext_lazy("What was said"), length_most=200)

    def __init__(self, customer: Customer, data=None, **options) -> None:
        super().__init__(data, **options)
        self._people = {str(contact.pk): contact for contact in customer.contacts.all()}
        self.fields["contact"].choices = [
            *((pk, one.addressed_name) for pk, one in self._people.items()),
            (COMPANY, _("the whole company")),
        ]

    @property
    def person(self) -> Contact | None:
        return self._people.get(self.cleaned_data["contact"])

    @property
    def channel_name(self) -> str:
        return str(dict(self.fields["channel"].choices)[self.cleaned_data["channel"]])


@require_http_methods(["GET", "HEAD", "POST"])
@allow("contact.refuse")
def objection_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Holds at once and for good; only the administration lifts it, so the page says so before it is sent."""
    customer = visible_customer(request.user, pk)
    sent = request.POST if request.method == "POST" else None
    form = ObjectionForm(customer, sent, initial={"contact": request.GET.get("contact", ""), "channel": ""})
    if not (form.is_bound and form.is_valid()):
        return render(request, "basics/objection_add.html", {"customer": customer, "form": form}, status=422 if form.errors else 200)
    given = form.cleaned_data
    block_contact(
        actor=request.user, customer=customer, contact=form.person, channel=given["channel"], kind=ContactBlock.Kind.OBJECTION,
        reason=given["reason"],
    )  # fmt: skip
    facts = {"who": form.person.full_name if form.person else customer.name, "channel": form.channel_name}
    messages.success(request, _("Objection of %(who)s recorded: %(channel)s.") % facts)
    return redirect(customer)
