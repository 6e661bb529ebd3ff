"""What an act with a referral contact has brought about, in a sentence."""

from django.utils.translation import gettext as _

from customers.models.activities import Outcome
from innendienst.lib import display
from innendienst.workplace.referrals.forms import Act
from referrals.days import thanks_due
from referrals.models import ReferralContact

State = ReferralContact.State


def done_text(act: Act, referral: ReferralContact, given: dict) -> str:
    """The sentence on the referral as it stands now; `given` is what the form said."""
    return _sentence(act, referral, given) % _facts(referral)


def _sentence(act: Act, referral: ReferralContact, given: dict) -> str:
    match act:
        case Act.CHECK:
            return _checked(referral.state)
        case Act.CALL if given["outcome"] == Outcome.NOT_REACHED:
            return _("%(contact)s was not reached and comes back onto your list.")
        case Act.REFUSE if given["objects"]:
            return _("%(contact)s objects to advertising: nobody contacts him any more.")
    return {
        Act.MAY_NAME: _("%(recommender)s may be named from now on."),
        Act.CALL: _("First call with %(named)s saved."),
        Act.WRITE: _("Letter to %(named)s noted, with the notice of Art. 14."),
        Act.INFORM: _("%(contact)s has the notice of Art. 14."),
        Act.TELL: _("%(recommender)s knows that we got in touch."),
        Act.TALK: _("We are talking with %(named)s."),
        Act.WIN: _("%(company)s is a customer since %(won_on)s. Thanks to %(recommended_by)s are due by %(due)s."),
        Act.THANK: _("Thanks to %(recommended_by)s noted."),
        Act.REFUSE: _("%(contact)s said no: nobody calls again."),
        Act.ERASE: _("The contact is erased."),
    }[act]


def _checked(state: str) -> str:
    return {
        State.CLEARED: _("%(contact)s may be called."),
        State.LETTER_ONLY: _("%(contact)s gets a letter and no call."),
    }.get(State(state), _("The management decides about %(named)s. Until then nobody contacts him."))


def _facts(referral: ReferralContact) -> dict[str, str]:
    return {
        "contact": referral.contact.addressed_name,
        "named": referral.contact.declined_name,
        "recommender": referral.recommender.contact.addressed_name,
        "recommended_by": referral.recommender.contact.declined_name,
        "company": referral.customer.name,
        "won_on": display.date(referral.won_on) if referral.won_on else "",
        "due": display.due(thanks_due(referral.won_on)) if referral.won_on else "",
    }
