"""Putting on record whom a customer's person named."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import allow
from customers.models import Customer
from innendienst.lib.folding import sort_key
from innendienst.workplace.reads import visible_customer
from innendienst.workplace.referrals import texts
from innendienst.workplace.referrals.forms import Act, NameForm
from referrals import naming
from referrals.naming import Named, ReferralRefused


@require_http_methods(["GET", "HEAD", "POST"])
@allow("referral.edit")
def referral_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and what it leads to: the contact's page with its legal check."""
    customer = visible_customer(request.user, pk)
    form = NameForm(request.POST or None, customer=customer)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            referral = _name(request.user, form)
        except ReferralRefused as error:
            form.add_error("company", _refusal(error))
        else:
            messages.success(request, _("%(contact)s added.") % {"contact": referral.contact.addressed_name})
            if form.may_name and not referral.recommender.may_name_me:
                text = _("%(recommender)s did not want to be named before, and that stands. If he changed his mind: “%(act)s” below.")
                messages.warning(request, text % {"recommender": referral.recommender.contact.addressed_name, "act": Act.MAY_NAME.label})
            return redirect("referrals:detail", referral.pk)
    if request.method == "POST":
        status = 422
    context = {"customer": customer, "form": form, "card": texts.card_text(request.user), "has_people": customer.contacts.exists()}
    return render(request, "referrals/referral_add.html", context, status=status)


def _name(actor: User, form: NameForm):
    given = dict(form.cleaned_data)
    contact = given.pop("recommender")
    given.pop("may_name_me")
    recommender = naming.make_recommender(actor=actor, contact=contact, may_name_me=form.may_name)
    return naming.name_contact(actor=actor, recommender=recommender, named=Named(**given, customer=_known(actor, given["company"])))


def _known(actor: User, company: str) -> Customer | None:
    """The company where it is on record under this very name."""
    return Customer.objects.visible_to(actor).filter(sort_key=sort_key(company), merged_into=None, is_inactive=False).first()


def _refusal(error: ReferralRefused) -> str:
    return {
        "name": _("Enter last name and company of the contact."),
        "own": _("The contact works for the recommender's own company. Add him there as a contact."),
    }[error.code]
