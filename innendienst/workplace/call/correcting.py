"""A call of one's own put right: what was said, with whom, how it ended – or that it was another customer's."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import allow
from campaigns import day_list
from customers.calls import CallRefused, CorrectionRefused, correct_call
from customers.gate import gate_text, may_contact
from customers.gate_rules import GateAnswer, Purpose
from customers.models import Activity, Contact, Customer, FollowUp
from customers.models.activities import Outcome
from customers.models.permissions import Channel
from innendienst.workplace.fields import NOTE_LENGTH_MOST, PlainTextField
from innendienst.workplace.search.finding import find

NAMED_MOST = 5
CHANGEABLE = (Outcome.NOT_REACHED, Outcome.CALLBACK, Outcome.REACHED, Outcome.INTERESTED, Outcome.NO_NEED)
"""An order and a complaint have consequences of their own, which a correction cannot make or take back."""


class CustomerField(forms.CharField):
    """A customer the reader may see, found as the search finds him: by number, phone, or as much of his name as tells him from others."""

    def __init__(self, user: User, **options) -> None:
        super().__init__(required=False, max_length=200, **options)
        self.user = user

    def clean(self, value: str) -> Customer | None:
        text = super().clean(value)
        if not text:
            return None
        hits = find(self.user, text, most=NAMED_MOST)
        if hits.only_one:
            return hits.only_one
        facts = {"text": text[:60], "customers": ", ".join(f"{hit.customer.name} ({hit.customer.number})" for hit in hits.found)}
        if hits.found:
            raise ValidationError(_("Other customer: several fit “%(text)s”: %(customers)s. Type the number.") % facts)
        raise ValidationError(_("Other customer: nobody fits “%(text)s”. Type the number or a part of the name.") % facts)


class CorrectionForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)
    contact = forms.ChoiceField(label=gettext_lazy("Spoken with"), required=False)
    note = PlainTextField(label=gettext_lazy("Note"), length_most=NOTE_LENGTH_MOST, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}))

    def __init__(self, activity: Activity, user: User, data=None, *, has_consequences: bool) -> None:
        shown = {"outcome": activity.outcome, "contact": str(activity.contact_id or ""), "note": activity.note}
        super().__init__(data, initial=shown)
        self.activity, self.has_consequences = activity, has_consequences
        people = activity.customer.contacts.all()
        self._people = {str(contact.pk): contact for contact in people}
        self.fields["contact"].choices = [("", _("Switchboard")), *((pk, one.addressed_name) for pk, one in self._people.items())]
        offered = [Outcome(activity.outcome)] if has_consequences or activity.outcome not in CHANGEABLE else CHANGEABLE
        self.fields["outcome"].choices = [(one.value, one.label) for one in offered]
        hint = _("Number or name, if the call was with somebody else: it moves there with its follow-up.")
        self.fields["customer"] = CustomerField(user, label=_("Other customer"), help_text=hint)

    def clean_customer(self) -> Customer | None:
        customer = self.cleaned_data["customer"]
        if customer is not None and customer.pk != self.activity.customer_id and self.has_consequences:
            raise ValidationError(
                _(
                    "Other customer: a reason, complaint, survey answer, need, referral or the like hangs on this call. "
                    "Log it anew there, and correct the note here."
                )
            )
        return customer

    @property
    def person(self) -> Contact | None:
        """Whom the call was with; of another customer nobody is known yet."""
        return None if self.is_moved else self._people.get(self.cleaned_data["contact"])

    @property
    def is_moved(self) -> bool:
        customer = self.cleaned_data.get("customer")
        return customer is not None and customer.pk != self.activity.customer_id


@require_http_methods(["GET", "HEAD", "POST"])
@allow("call.log")
def call_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own standing call; anybody else's is not found."""
    own = Activity.objects.visible_to(request.user).standing().filter(by=request.user, kind=Activity.Kind.CALL)
    activity = get_object_or_404(own.select_related("customer", "contact"), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = CorrectionForm(activity, request.user, sent, has_consequences=has_consequences(activity))
    if form.is_bound and form.is_valid() and (corrected := _correct(request, activity, form)):
        return redirect(corrected.customer)
    context = {"activity": activity, "customer": activity.customer, "form": form}
    return render(request, "workplace/call_correct.html", context, status=422 if form.errors else 200)


def has_consequences(activity: Activity) -> bool:
    """Whether something hangs on the call that would stand with the wrong customer, or contradict another outcome.

    Whatever refers to a call does, in any app, but its follow-ups, which go along. It hangs on the row that was saved with it, however
    often that was corrected since.
    """
    references = (field for field in Activity._meta.get_fields(include_hidden=True) if field.auto_created and not field.concrete)
    hanging = (one for one in references if one.related_model not in {Activity, FollowUp})
    calls = _versions(activity)
    return any(one.related_model._base_manager.filter(**{f"{one.field.name}__in": calls}).exists() for one in hanging)


def _versions(activity: Activity) -> list[int]:
    """The call and the rows that it corrects."""
    found = [activity]
    while found[-1].corrects:
        found.append(found[-1].corrects)
    return [version.pk for version in found]


def _correct(request: HttpRequest, activity: Activity, form: CorrectionForm) -> Activity | None:
    given = form.cleaned_data
    target = given["customer"] if form.is_moved else None
    gate_answer = _gate(activity, target) if target else None
    outcome = given["outcome"] or activity.outcome
    try:
        with transaction.atomic():
            corrected = correct_call(
                actor=request.user, activity=activity, note=given["note"], contact=form.person, outcome=outcome,
                detail=activity.detail if outcome == Outcome.NOT_REACHED else "", customer=target, gate_answer=gate_answer,
            )  # fmt: skip
            if target:
                day_list.take_back(activity)
                day_list.close(corrected)
    except CallRefused:
        form.add_error("customer", _("Other customer: %(why)s") % {"why": gate_text(gate_answer)})
        return None
    except CorrectionRefused:
        messages.error(request, _("Not corrected: the call was undone or corrected meanwhile."))
        return activity
    said = _("The call stands with %(customer)s now, and no longer with %(before)s.") if target else _("Call with %(customer)s corrected.")
    messages.success(request, said % {"customer": corrected.customer, "before": activity.customer})
    return corrected


def _gate(activity: Activity, target: Customer) -> GateAnswer:
    """The call was made already; only what forbids it altogether speaks against entering it there."""
    return may_contact(target, Channel.PHONE, Purpose.SALES, timezone.localdate(activity.at), is_exempt=True)
