"""Referral contacts in words: duties with their days, consequences of the legal check, the notice of Art. 14, refusals."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display
from innendienst.lib.dates import add_months
from innendienst.lib.transitions import StateConflict
from innendienst.workplace.chips import Chip
from referrals.days import notice_due, thanks_due, word_due
from referrals.models import Knows, ReferralContact
from referrals.naming import CLEARED_BY, ReferralRefused, is_for_management
from referrals.preferences import ReferralsPreferences

State = ReferralContact.State
_TONES = {
    State.CLEARED: "good", State.CUSTOMER_WON: "good", State.IN_TALKS: "sell", State.FIRST_CONTACT: "sell", State.LEGAL_CHECK: "due",
    State.NAMED: "due", State.BLOCKED: "bad", State.NOT_INTERESTED: "bad",
}  # fmt: skip


def state_chip(referral: ReferralContact) -> Chip:
    return Chip(str(referral.get_state_display()), _TONES.get(State(referral.state), ""))


@dataclass(frozen=True)
class Duty:
    """What is owed for a contact, and until when; `act` does it."""

    act: str
    text: str
    due_on: dt.date

    @property
    def chip(self) -> Chip:
        is_late = self.due_on < timezone.localdate()
        return Chip(_("due by %(day)s") % {"day": display.due(self.due_on)}, "bad" if is_late else "due")


def duties_of(referral: ReferralContact) -> list[Duty]:
    """What is still owed: the notice to the contact, word and thanks to the recommender."""
    owed = []
    if referral.art14_informed_at is None and referral.state in ReferralContact.OPEN:
        owed.append(Duty("inform", _("Give the contact the notice of Art. 14"), notice_due(referral.named_on)))
    if referral.first_contact_on and referral.recommender_informed_at is None and referral.state != State.ERASED:
        owed.append(Duty("tell", _("Inform the recommender"), word_due(referral.first_contact_on)))
    if referral.won_on and referral.recommender_thanked_at is None:
        owed.append(Duty("thank", _("Thank the recommender"), thanks_due(referral.won_on)))
    return owed


def consequences(referral: ReferralContact) -> list[tuple[str, str, str]]:
    """The choices of the legal check: value, words, and what follows; four at first, later those that change something."""
    follows = {
        Knows.ASKED_FOR_CALL: _("You may call. The number appears."),
        Knows.KNOWS: _("You may call if you write down why he expects it (at least 15 characters)."),
        Knows.KNOWS_NOT: _("No call. A letter is possible, with the notice of Art. 14."),
        Knows.UNCLEAR: _("The management decides. Until then nobody contacts him."),
    }
    settled = {Knows.UNCLEAR} if is_for_management(referral) else set()
    if referral.state == State.LETTER_ONLY:
        settled = set(Knows) - CLEARED_BY
    return [(choice.value, str(choice.label), text) for choice, text in follows.items() if choice not in settled]


def notice(referral: ReferralContact) -> str:
    """The notice of Art. 14 GDPR, ready to be read out or sent, in the language of the person. The law wants the source named."""
    with translation.override(referral.contact.language or "de"):
        company = preferences.get(CompanyPreferences).name or _("our company")
        erased_on = display.date(add_months(referral.named_on, preferences.get(ReferralsPreferences).kept_months))
        recommender = referral.recommender
        source = _("%(name)s, %(company)s") % {"name": recommender.contact.addressed_name, "company": recommender.customer.name}
        facts = {"company": company, "source": source, "named_on": display.date(referral.named_on), "erased_on": erased_on}
        return "\n".join(
            [
                _("Notice on data protection (Art. 14 GDPR)"),
                _("Responsible: %(company)s.") % facts,
                _("Source: on %(named_on)s %(source)s gave us your name, your company and how to reach you.") % facts,
                _("Purpose: to offer you our products once. Basis: Art. 6 (1) f GDPR, our interest in new customers."),
                _("Kept: if nothing comes of it, everything is erased on %(erased_on)s. Nothing is passed on.") % facts,
                _("Your rights: access, rectification, erasure, restriction, and complaint to the supervisory authority."),
                _("You can object to this use at any time (Art. 21 GDPR); a word is enough, and we do not contact you again."),
            ]
        )


def refusal_text(referral: ReferralContact, error: Exception) -> str:
    """Why it was not done, and what can be done instead."""
    facts = {"contact": referral.contact.addressed_name, "state": referral.get_state_display()}
    if isinstance(error, ReferralRefused):
        return {
            "explanation": _(
                "%(contact)s: write down why he expects a call, at least 15 characters. Else choose “does not know about it”."
            ),
            "notice": _("%(contact)s was not informed within a month and may not be contacted any more. Erase the contact."),
            "gate": _("%(contact)s must not be contacted this way."),
            "name": _("Enter last name and company of the contact."),
            "own": _("The contact works for the recommender's own company. Add him there as a contact."),
        }[error.code] % facts
    if isinstance(error, StateConflict):
        return _("%(contact)s: somebody else was faster, it is “%(state)s” now. Look at it again.") % facts
    return _("%(contact)s: this does not follow “%(state)s”.") % facts


def card_text(user: User) -> str:
    """What a recommender passes on, so that the contact comes to us by himself."""
    facts = {
        "name": user.full_name,
        "company": preferences.get(CompanyPreferences).name,
        "email": user.email,
    }
    lines = [
        _("I work with %(company)s and am content.") % facts,
        _("My contact there is %(name)s. If you want to know more, get in touch:") % facts,
        _("E-mail: %(email)s") % facts if user.email else preferences.get(CompanyPreferences).postal_address,
    ]
    return "\n".join(filter(None, lines))
