"""The answer to a running survey, given in the course of a call: asked where the person spoken with belongs to one, and only there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, gettext_lazy

from accounts.models import User
from customers.models import Activity, Contact, Customer
from customers.undo import UndoRefused
from innendienst.base import form_keys
from innendienst.lib.prepared import Param, Prepared
from innendienst.workplace.fields import PlainTextField
from nps.answers import REASON_LENGTH_MOST, Given, NotTaken, enter_answer, undo_entry
from nps.entry import RowRefused, read_rating
from nps.models import Invitation, Response, SurveyWave

_ASKED = Invitation.objects.for_system("a customer already visible").filter(
    wave__state=SurveyWave.State.OPEN, wave__kind=SurveyWave.Kind.RELATIONSHIP
)
_WAITING = Prepared(lambda: _ASKED.waiting().filter(customer=Param("customer")).select_related("wave", "contact").order_by("wave", "pk"))


@dataclass(frozen=True)
class SurveyAnswer:
    invitation_id: int
    given: Given


def waiting_invitations(customer: Customer) -> list[Invitation]:
    """Those of the customer's people whom a running survey of the whole company still asks; one query."""
    return list(_WAITING(customer=customer.pk)) if customer.has_invitation else []


class SurveyForm(forms.Form):
    """Nothing has to be filled in. `answer` is what was said, None where the question was left out."""

    nps_rating = forms.CharField(required=False)
    nps_reason = PlainTextField(label=gettext_lazy("Reason"), length_most=REASON_LENGTH_MOST)

    def read(self, customer: Customer, contact: Contact | None, key: uuid.UUID | None) -> SurveyAnswer | None:
        """Raises ValidationError for a rating off the scale, or of somebody whom no survey asks.

        `key` is that of the form: sent twice, the second one finds the question answered, by the first.
        """
        if not self.is_valid():
            raise ValidationError([text for texts in self.errors.values() for text in texts])
        typed = self.cleaned_data["nps_rating"].strip()
        if not typed:
            return None
        asked = waiting_invitations(customer)
        invitation = next((one for one in asked if one.contact_id == (contact and contact.pk)), None)
        if invitation is None and contact and key and form_keys.is_used(key):
            invitation = _ASKED.filter(contact=contact).select_related("wave").last()
        if invitation is None:
            names = ", ".join(_name(one) for one in asked)
            raise ValidationError(
                _("Rating: the survey asks %(names)s. Choose whom you spoke with.") % {"names": names or _("nobody here any more")}
            )
        try:
            return SurveyAnswer(invitation.pk, Given(read_rating(typed, invitation.wave), self.cleaned_data["nps_reason"].strip()))
        except RowRefused as refused:
            raise ValidationError(str(refused)) from None


def store(actor: User, answer: SurveyAnswer, activity: Activity) -> None:
    """Put the answer on record with its call. Who answered himself at the same moment has the last word."""
    invitation = Invitation.objects.visible_to(actor).get(pk=answer.invitation_id)
    try:
        enter_answer(actor=actor, invitation=invitation, given=answer.given, activity=activity)
    except NotTaken:
        return


def take_back(actor: User, activity: Activity) -> None:
    """The call was undone, and with it the answer it brought, unless its giver has changed it since."""
    for response in Response.objects.visible_to(actor).filter(activity=activity, changes=None):
        try:
            undo_entry(actor=actor, response=response)
        except UndoRefused:
            return


def survey_markup(invitations: Sequence[Invitation], form: forms.Form | None) -> SafeString:
    """The question as part of the call form; nothing where nobody is asked."""
    if not invitations:
        return SafeString("")
    first = invitations[0]
    context = {
        "question": first.wave.question(get_language() or "de"),
        "wave": first.wave,
        "names": ", ".join(_name(one) for one in invitations if one.wave_id == first.wave_id),
        "rating": form["nps_rating"].value() or "" if form else "",
        "reason": form["nps_reason"].value() or "" if form else "",
    }
    return render_to_string("workplace/partials/call_form_survey.html", context)


def _name(invitation: Invitation) -> str:
    return invitation.contact.addressed_name if invitation.contact else _("the company")
