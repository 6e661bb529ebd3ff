"""What each role may do, and the mark that every view carries.

A capability is a name like `call.log`. `@allow("call.log")` on a view refuses everybody whose role lacks it; a view without
a mark is refused by the middleware, so that a forgotten mark closes a page instead of opening it.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import Role

_EVERYBODY = frozenset(Role)
_CALLERS = frozenset({Role.REP, Role.MANAGER, Role.ADMIN})

CAPABILITIES: dict[str, frozenset[Role]] = {
    "self.edit": _EVERYBODY,
    "customer.see": _EVERYBODY,
    "customer.edit": _CALLERS | {Role.FIELD_SALES},  # addresses, numbers, people: whoever hears what is right
    "customer.assign": frozenset({Role.MANAGER, Role.ADMIN}),
    "customer.merge": frozenset({Role.MANAGER, Role.ADMIN}),
    "day.work": _CALLERS,
    "call.log": _CALLERS | {Role.FIELD_SALES},
    "followup.edit": _CALLERS | {Role.FIELD_SALES},
    "opportunity.answer": _CALLERS | {Role.FIELD_SALES},
    "handover.ask": _CALLERS,
    "handover.see": _CALLERS | {Role.FIELD_SALES},  # whoever stands in for field sales answers for it
    "handover.answer": frozenset({Role.FIELD_SALES, Role.MANAGER, Role.ADMIN}),
    "field.work": frozenset({Role.FIELD_SALES}),  # the others reach hand-overs from the opportunities
    "complaint.close": frozenset({Role.MANAGER, Role.ADMIN}),
    "absence.manage": frozenset({Role.MANAGER, Role.ADMIN}),
    "guides.edit": frozenset({Role.MANAGER, Role.ADMIN, Role.MARKETING}),
    "rules.edit": frozenset({Role.MANAGER, Role.ADMIN}),
    "opportunity.assign": frozenset({Role.MANAGER, Role.ADMIN}),
    "margin.see": _CALLERS,
    # Campaigns: inside sales and marketing write the concept together, the management approves it.
    "campaign.see": _EVERYBODY,
    "campaign.write": frozenset({Role.MANAGER, Role.MARKETING, Role.ADMIN}),
    "campaign.approve": frozenset({Role.MANAGER, Role.ADMIN}),
    # The plan of the quarter: everybody reads it, those who sell add ideas, the management and marketing write it.
    "plan.see": _EVERYBODY,
    "plan.idea": _CALLERS | {Role.FIELD_SALES, Role.MARKETING},
    "plan.edit": frozenset({Role.MANAGER, Role.MARKETING, Role.ADMIN}),
    "contact.refuse": _EVERYBODY,  # a "no" is written down by whoever hears it
    "lead.add": _CALLERS | {Role.FIELD_SALES},
    # References: whoever talks with customers asks, marketing and the management put released ones to use.
    "reference.ask": _CALLERS | {Role.FIELD_SALES},
    "reference.use": _EVERYBODY,
    "reference.withdraw": _EVERYBODY,
    "reference.release": frozenset({Role.MANAGER, Role.MARKETING, Role.ADMIN}),
    "reference.manage": frozenset({Role.MANAGER, Role.ADMIN}),
    "referral.edit": _CALLERS | {Role.FIELD_SALES},
    "referral.clear": frozenset({Role.MANAGER, Role.ADMIN}),
    # Scores and segments are business figures, for everybody (W-4); who answered what is for owners and the management alone.
    "nps.see": _EVERYBODY,
    "nps.enter": _CALLERS | {Role.FIELD_SALES},
    "nps.manage": frozenset({Role.MANAGER, Role.ADMIN}),
    "nps.names": frozenset({Role.MANAGER}),
    # Who called, and at what time: colleagues need it, managers get it under a works agreement only (domain guide W-5).
    "author.see": frozenset({Role.REP, Role.FIELD_SALES}),
    "api.describe": _EVERYBODY,  # what the API can be asked; each of its addresses has the right of the page that shows the same
    "import.run": frozenset({Role.ADMIN}),
    "import.own": _CALLERS,  # one's own follow-ups, for oneself alone
    "setup.run": frozenset({Role.ADMIN}),
    "admin.use": frozenset({Role.ADMIN}),
}

View = Callable[..., Any]


def allowed(user, capability: str) -> bool:
    """Whether the user's role has the capability; anonymous and deactivated users have none."""
    return bool(user.is_authenticated and user.is_active and user.role in CAPABILITIES[capability])


def demand(user, capability: str) -> None:
    """Raise PermissionDenied unless the user has the capability: the first line of every service."""
    if not allowed(user, capability):
        raise PermissionDenied(capability)


def allow(capability: str) -> Callable[[View], View]:
    """Mark a view with the capability it needs; the middleware enforces the mark."""
    assert capability in CAPABILITIES, capability

    def mark(view: View) -> View:
        view.capability = capability
        return view

    return mark
