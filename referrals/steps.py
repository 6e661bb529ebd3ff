"""The states of references and referral contacts: which may follow which, and who may take the step (domain guide 2.3, 2.4)."""

from accounts.models import User
from accounts.permissions import allowed
from referrals.models import ReferenceCustomer, ReferralContact

Reference = ReferenceCustomer.State
Referral = ReferralContact.State

_PAUSABLE = frozenset(set(Reference) - {Reference.DECLINED, Reference.EXPIRED, Reference.PAUSED, Reference.WITHDRAWN})
_FORWARD: dict[str, set[Reference]] = {
    Reference.CANDIDATE: {Reference.QUALIFIED},
    Reference.QUALIFIED: {Reference.ASKED},
    # Who says yes at once is not made to think it over.
    Reference.ASKED: {Reference.THINKING, Reference.AGREED, Reference.DECLINED},
    Reference.THINKING: {Reference.AGREED, Reference.DECLINED},
    Reference.AGREED: {Reference.RELEASED, Reference.DECLINED},
    Reference.RELEASED: {Reference.IN_USE, Reference.UNDER_REVIEW},
    Reference.IN_USE: {Reference.UNDER_REVIEW},
    Reference.UNDER_REVIEW: {Reference.RELEASED, Reference.EXPIRED},
    Reference.EXPIRED: {Reference.QUALIFIED},
    Reference.DECLINED: {Reference.QUALIFIED},
    Reference.PAUSED: set(_PAUSABLE),
    Reference.WITHDRAWN: set(),
}
REFERENCE_STEPS: dict[str, frozenset[str]] = {
    state: frozenset(
        {*following, *([Reference.PAUSED] if state in _PAUSABLE else []), *([] if state == Reference.WITHDRAWN else [Reference.WITHDRAWN])}
    )
    for state, following in _FORWARD.items()
}
"""A paused one goes back to the state it came from, and to no other; see `resumes_as`."""

_REFERENCE_WHO = {
    Reference.RELEASED: "reference.release",
    Reference.EXPIRED: "reference.release",
    Reference.IN_USE: "reference.use",
    Reference.WITHDRAWN: "reference.withdraw",
}

_NO = frozenset({Referral.NOT_INTERESTED, Referral.BLOCKED, Referral.ERASED})
REFERRAL_STEPS: dict[str, frozenset[str]] = {
    Referral.NAMED: _NO | {Referral.LEGAL_CHECK},
    Referral.LEGAL_CHECK: _NO | {Referral.CLEARED, Referral.LETTER_ONLY},
    Referral.CLEARED: _NO | {Referral.FIRST_CONTACT},
    # Whoever answers a letter by asking for a call has cleared himself.
    Referral.LETTER_ONLY: _NO | {Referral.FIRST_CONTACT, Referral.CLEARED},
    Referral.FIRST_CONTACT: _NO | {Referral.IN_TALKS, Referral.CUSTOMER_WON},
    Referral.IN_TALKS: _NO | {Referral.CUSTOMER_WON},
    Referral.CUSTOMER_WON: frozenset(),
    Referral.BLOCKED: frozenset({Referral.ERASED}),
    Referral.NOT_INTERESTED: frozenset({Referral.ERASED}),
    Referral.ERASED: frozenset(),
}
_REFERRAL_WHO = {
    Referral.NOT_INTERESTED: "contact.refuse",  # whoever hears a "no" writes it down at once
    Referral.BLOCKED: "contact.refuse",
    Referral.ERASED: "referral.clear",
}


def reference_right(to_state: str) -> str:
    """The capability that a step into this state needs."""
    return _REFERENCE_WHO.get(Reference(to_state), "reference.ask")


def referral_right(to_state: str) -> str:
    return _REFERRAL_WHO.get(Referral(to_state), "referral.edit")


def may_move_reference(user: User, from_state: str, to_state: str) -> bool:
    """Whether the step exists and the user's role may take it."""
    return to_state in REFERENCE_STEPS[from_state] and allowed(user, reference_right(to_state))


def may_move_referral(user: User, from_state: str, to_state: str) -> bool:
    return to_state in REFERRAL_STEPS[from_state] and allowed(user, referral_right(to_state))
