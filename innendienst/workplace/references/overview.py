"""The management's page of references and referrals: how far they are, what is owed, where references are missing, what was won."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import allow, allowed
from referrals import overview
from referrals.models import ReferenceCustomer

State = ReferenceCustomer.State
_STEPS = (
    (State.CANDIDATE, State.QUALIFIED, State.ASKED, State.THINKING, State.AGREED, State.RELEASED, State.IN_USE),
    (State.UNDER_REVIEW, State.PAUSED, State.DECLINED, State.EXPIRED, State.WITHDRAWN),
)
"""The way to a reference, and what lies beside it."""
DUTIES = {
    "thanks": _("Thanks for a use of a reference"),
    "won_thanks": _("Thanks for a new customer"),
    "feedback": _("Feedback on a use of a reference"),
    "inform": _("Inform the recommender"),
    "art14": _("Notice of Art. 14"),
    "thinking": _("Answer after the time to think"),
    "proof": _("Written release to be filed"),
}
LISTED = {"won_thanks": "owed", "thanks": "owed", "feedback": "owed"}
"""What the list of referral contacts shows in a group of its own."""
AGES = [
    pgettext_lazy("age of a duty", "in time"),
    pgettext_lazy("age of a duty", "up to 5 working days late"),
    pgettext_lazy("age of a duty", "6 to 10"),
    pgettext_lazy("age of a duty", "more than 10"),
]


@require_safe
@allow("reference.release")
def reference_overview(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    counts, owed, brought = overview.pipeline(user), overview.owed(today), overview.brought(user, today)
    industries = overview.by_industry(user)
    context = {
        "steps": [[(state.value, state.label, counts.get(state, 0)) for state in row] for row in _STEPS],
        "has_references": bool(counts),
        "duties": [(label, owed[name], LISTED.get(name, "")) for name, label in DUTIES.items()],
        "ages": AGES,
        "thanks_open": owed["thanks"].total + owed["won_thanks"].total,
        "industries": industries,
        "gaps_count": sum(one.is_gap for one in industries),
        "groups": overview.by_product_group(user),
        "brought": brought,
        "shows_margin": allowed(user, "margin.see"),
    }
    return render(request, "references/overview.html", context)
