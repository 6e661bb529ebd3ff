"""What a call brought for one reason, read from a browser."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _, gettext_lazy

from campaigns.models import LostReason, Opportunity
from campaigns.steps import Answer
from customers.models.activities import Outcome
from innendienst.workplace.call.entry import ReasonAnswer
from innendienst.workplace.fields import AmountField, ComingDayField

LOST_REASONS = (
    LostReason.NO_NEED,
    LostReason.PRICE,
    LostReason.COMPETITOR,
    LostReason.TIMING,
    LostReason.UNREACHABLE,
    LostReason.NO_CONTACT,
)
DISMISSED_REASONS = (LostReason.NOT_SUITABLE, LostReason.BUYS_ITSELF, LostReason.WRONG_DATA)
GIVEN_ANSWERS = (Answer.NOT_DISCUSSED, Answer.WON, Answer.OFFERED, Answer.INTERESTED, Answer.LATER, Answer.LOST, Answer.DISMISSED)
OUTCOME_OF_ANSWER = {
    Answer.WON: Outcome.ORDER,
    Answer.OFFERED: Outcome.INTERESTED,
    Answer.INTERESTED: Outcome.INTERESTED,
    Answer.LATER: Outcome.REACHED,
    Answer.LOST: Outcome.NO_NEED,
    Answer.DISMISSED: Outcome.REACHED,
}


def _choices(members: Iterable) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in members]


def budget_text() -> str:
    """Why nothing of a campaign is offered any more."""
    return _("The budget of this campaign is used up: only the management may offer something now. Ask it first.")


class AnswerForm(forms.Form):
    """What was said about one reason; an empty answer leaves it to the call's outcome, or undiscussed."""

    answer = forms.ChoiceField(label=gettext_lazy("Answer"), choices=_choices(GIVEN_ANSWERS), required=False)
    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    valid_until = ComingDayField(label=gettext_lazy("Valid until"), required=False)
    lost_reason = forms.ChoiceField(choices=_choices(LOST_REASONS), required=False)
    dismissed_reason = forms.ChoiceField(choices=_choices(DISMISSED_REASONS), required=False)
    version = forms.IntegerField(min_value=1)

    def __init__(self, opportunity: Opportunity, data: QueryDict) -> None:
        super().__init__(data, prefix=f"reason-{opportunity.pk}")
        self.opportunity = opportunity

    def read(self, answer: str) -> ReasonAnswer:
        """The answer with what it needs. Raises ValidationError for won or a quote without an amount."""
        given = self.cleaned_data
        if answer == Answer.WON and not given.get("amount"):
            raise ValidationError(_("%(reason)s: an order needs its net amount.") % {"reason": self.opportunity.get_kind_display()})
        if answer == Answer.OFFERED and not given.get("amount"):
            raise ValidationError(_("%(reason)s: a quote needs its net amount.") % {"reason": self.opportunity.get_kind_display()})
        reason = {
            Answer.LOST: given.get("lost_reason") or LostReason.NO_NEED,
            Answer.DISMISSED: given.get("dismissed_reason") or LostReason.NOT_SUITABLE,
        }.get(answer, "")
        amount = given["amount"] if answer in {Answer.WON, Answer.OFFERED} else None
        until = given["valid_until"] if answer == Answer.OFFERED else None
        return ReasonAnswer(self.opportunity.pk, given["version"], answer, amount, reason, until)
