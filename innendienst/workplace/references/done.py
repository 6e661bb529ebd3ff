"""What an act with a reference has brought about, in a sentence."""

from django.utils.translation import gettext as _

from innendienst.lib import display
from innendienst.workplace.references.forms import Act
from referrals.models import ReferenceCustomer
from referrals.steps import Reference


def done_text(act: Act, reference: ReferenceCustomer) -> str:
    """The sentence on the reference as it stands now."""
    facts = {
        "customer": reference.customer,
        "state": reference.get_state_display(),
        "until": display.date(reference.thinking_until) if reference.thinking_until else "",
        "name": reference.asked_by.full_name if reference.asked_by else "",
    }
    if act in {Act.ASK, Act.GIVE_TIME}:
        return _asked(reference) % facts
    sentence = {
        Act.QUALIFY: _("%(customer)s suits as a reference and can be asked."),
        Act.AGREE: _("%(customer)s has agreed. Write down what he allows, kind by kind."),
        Act.DECLINE: _("%(customer)s has declined. Nobody asks again for a year."),
        Act.HAND_ON: _("%(name)s asks %(customer)s from now on."),
        Act.REVIEW: _("%(customer)s is under review. Until that is done the reference is not used."),
        Act.KEEP: _("%(customer)s stays released as a reference."),
        Act.EXPIRE: _("The reference of %(customer)s has ended."),
        Act.PAUSE: _("The reference of %(customer)s pauses: nobody asks, nobody uses it."),
        Act.RESUME: _("The reference of %(customer)s goes on as “%(state)s”."),
        Act.WITHDRAW: _("%(customer)s has withdrawn. Nothing of it may be used any more."),
    }[act]
    return sentence % facts


def _asked(reference: ReferenceCustomer) -> str:
    if reference.state == Reference.THINKING:
        return _("%(customer)s was asked and has time to think until %(until)s. Nobody asks again before that.")
    return _("%(customer)s was asked for a reference.")
