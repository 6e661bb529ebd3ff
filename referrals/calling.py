"""May a contact who was named be called: the contact gate's word and the legal check's, as one answer for every page and form."""

import datetime as dt
from collections.abc import Iterable

from customers.gate import GateAnswer, LegalReason, Purpose, may_contact
from customers.gate_rules import Answer
from customers.models.permissions import Channel
from referrals.models import Knows, ReferralContact

State = ReferralContact.State
LEGAL_CHECK = "legal_check"
LETTER_ONLY = "letter_only"
"""Rules of the answers given here."""
_REASONS = {Knows.ASKED_FOR_CALL: LegalReason.INQUIRY, Knows.KNOWS: LegalReason.CONCRETE_REASON}
_OWN_BASES = frozenset({LegalReason.CONSENT, "service"})
"""What allows a call to a person himself, and not because his company buys."""


def may_call(referral: ReferralContact, today: dt.date) -> GateAnswer:
    """The answer for a contact who was named. Contact pressure does not count: the recommender has announced us."""
    return word_on(may_contact(referral.contact, Channel.PHONE, Purpose.SALES, today, is_exempt=True), referral)


def word_on(answer: GateAnswer, referral: ReferralContact) -> GateAnswer:
    """What becomes of the gate's word on calling a person, since somebody named him: the legal check gives the basis or bars the way.

    Blocks win over it. Who was on record before he was named may be called as before; who was won or said no is like any other.
    """
    is_his_own = answer.basis in _OWN_BASES or not referral.is_known_by_naming
    if answer.answer == Answer.DENIED or referral.state not in ReferralContact.OPEN or (answer.is_allowed and is_his_own):
        return answer
    if reason := legal_reason(referral):
        facts = {"explanation": referral.legal_note} if referral.legal_note else {}
        return GateAnswer(Answer.ALLOWED, LEGAL_CHECK, basis=reason, facts=facts)
    if referral.state == State.LETTER_ONLY:
        return GateAnswer(Answer.DENIED, LETTER_ONLY)
    return GateAnswer(Answer.UNCLEAR, LEGAL_CHECK)


def open_referrals(contact_ids: Iterable[int]) -> dict[int, ReferralContact]:
    """Contact id → the open referral of him; of several the one whose legal check lets him be called. One query."""
    found = ReferralContact.objects.for_system("people of customers already visible").open().filter(contact__in=list(contact_ids))
    rows = sorted(found.select_related("contact").order_by("pk"), key=has_basis)
    return {referral.contact_id: referral for referral in rows}


def legal_reason(referral: ReferralContact) -> str:
    """Why he may be called, by the legal check; "" where that gave no basis."""
    return _REASONS[Knows(referral.knows)] if has_basis(referral) else ""


def has_basis(referral: ReferralContact) -> bool:
    """Whether the legal check allowed a call; before that nobody sees a number."""
    return referral.state in {State.CLEARED, State.FIRST_CONTACT, State.IN_TALKS, State.CUSTOMER_WON} and referral.knows in _REASONS
