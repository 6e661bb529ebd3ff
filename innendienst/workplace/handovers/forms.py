"""What a hand-over and its answer need, read from a browser."""

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Role, User
from customers.models import Customer
from customers.models.handovers import Criterion
from innendienst.lib.folding import sort_key
from innendienst.workplace.fields import NOTE_LENGTH_MOST, ComingDayField, PlainTextField

RESULT_LENGTH_MOST = 2_000
SENTENCE_LENGTH_MOST = 200


def field_reps() -> list[User]:
    """Everybody of field sales who works here, by name."""
    found = User.objects.active().filter(role=Role.FIELD_SALES)
    return sorted(found, key=lambda user: sort_key(f"{user.last_name} {user.first_name}"))


def preset_rep(customer: Customer, reps: list[User]) -> int | None:
    """Whoever looks after the customer in the field; the only one there is; else nobody."""
    known = {rep.pk for rep in reps}
    if customer.field_owner_id in known:
        return customer.field_owner_id
    return reps[0].pk if len(reps) == 1 else None


class AskForm(forms.Form):
    """The checklist, of which one tick is enough, and who is asked. The fields bear a prefix of their own in the call form."""

    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Why field sales"),
        choices=Criterion.choices,
        error_messages={"required": gettext_lazy("Field sales: tick at least one reason for a visit.")},
    )
    to = forms.ModelChoiceField(
        label=gettext_lazy("Who takes over"),
        queryset=User.objects.none(),
        error_messages={
            "required": gettext_lazy("Field sales: choose who is to take over."),
            "invalid_choice": gettext_lazy("Field sales: this person no longer works there. Choose somebody else."),
        },
    )

    def __init__(self, data=None, *, prefix: str = "handover") -> None:
        super().__init__(data, prefix=prefix)
        self.fields["to"].queryset = User.objects.active().filter(role=Role.FIELD_SALES)


class HandoverForm(AskForm):
    """The same as a page of its own, with a note and what goes along."""

    note = PlainTextField(label=gettext_lazy("Note"), length_most=NOTE_LENGTH_MOST)

    def __init__(self, data=None) -> None:
        super().__init__(data, prefix="handover")


class AcceptForm(forms.Form):
    visit_on = ComingDayField(label=gettext_lazy("Visit on"), required=False)


class VisitForm(forms.Form):
    visit_on = ComingDayField(label=gettext_lazy("Visit on"), required=True)


class DeclineForm(forms.Form):
    result = PlainTextField(label=gettext_lazy("Why not"), length_most=SENTENCE_LENGTH_MOST)

    def clean_result(self) -> str:
        return _needed(self.cleaned_data["result"], _("Decline: say in a sentence why, so that inside sales can go on."))


class FinishForm(forms.Form):
    result = PlainTextField(label=gettext_lazy("Result"), length_most=RESULT_LENGTH_MOST)

    def clean_result(self) -> str:
        return _needed(self.cleaned_data["result"], _("Result: say in a sentence what the visit brought."))


class HandBackForm(FinishForm):
    next_step = PlainTextField(label=gettext_lazy("Next step"), length_most=SENTENCE_LENGTH_MOST)
    due_on = ComingDayField(label=gettext_lazy("Due"), required=False)


def _needed(text: str, refusal: str) -> str:
    if not text.strip():
        raise forms.ValidationError(refusal)
    return text.strip()
