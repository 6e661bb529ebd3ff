"""Doing what a person asked for with one opportunity or with many, and saying it in a sentence: what happened, or why not."""

from collections.abc import Callable, Iterable

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns import acts
from campaigns.acts import Act, ActImpossible
from campaigns.answers import AnswerRefused
from campaigns.models import Opportunity, OpportunityAnswer
from campaigns.moving import SecondOpportunity
from campaigns.quotes import Offer
from customers.undo import UNDO_WITHIN
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.call.answers import budget_text
from innendienst.workplace.opportunities.forms import ActForm

REFUSALS = (StateConflict, TransitionRefused, AnswerRefused)
UNDOABLE = frozenset({Act.PLAN, Act.CONTACT, Act.INTEREST, Act.WIN, Act.LOSE, Act.DISMISS})
"""A quote that was sent stays, and taking up again is taken back by closing again."""
_SALT = "undo of acts with opportunities"


def do(actor: User, opportunity: Opportunity, form: ActForm) -> OpportunityAnswer | None:
    """Carry out the form's act; the answer by which it can be undone. Raises one of REFUSALS."""
    given, act = form.cleaned_data, Act(form.cleaned_data["act"])
    if given["version"] != opportunity.version:
        raise StateConflict(f"opportunity {opportunity.pk}")
    of = {"actor": actor, "opportunity": opportunity}
    match act:
        case Act.PLAN:
            return acts.plan(**of, due_on=given["due_on"])
        case Act.CONTACT:
            return acts.contact(**of)
        case Act.INTEREST:
            return acts.interest(**of)
        case Act.WIN:
            return acts.win(**of, amount=given["amount"], order_number=given["order_number"])
        case Act.LOSE:
            return acts.lose(**of, reason=form.reason)
        case Act.DISMISS:
            return acts.dismiss(**of, reason=form.reason)
        case Act.REOPEN:
            acts.reopen(**of, reason=form.reason, due_on=given["due_on"])
        case Act.OFFER:
            sent = Offer(given["amount"], timezone.localdate(), given["valid_until"], given["number"], given["file"])
            acts.offer(**of, sent=sent)
    return None


def do_many(opportunities: Iterable[Opportunity], act: Callable[[Opportunity], OpportunityAnswer]) -> tuple[list[int], list[str]]:
    """Do the same with each, each for itself: the ids of what can be undone, and a sentence for each refusal, no sentence twice."""
    done, refused = [], []
    for opportunity in opportunities:
        try:
            done.append(act(opportunity).pk)
        except REFUSALS as error:
            refused.append(refusal_text(opportunity, error))
    return done, list(dict.fromkeys(refused))


def refusal_text(opportunity: Opportunity, error: Exception) -> str:
    """Why it was not done, and what can be done instead."""
    facts = {
        "customer": opportunity.customer,
        "reason": opportunity.get_kind_display(),
        "state": opportunity.get_state_display(),
        "possible": ", ".join(str(act.label) for act in acts.possible_acts(opportunity.state)),
    }
    if isinstance(error, SecondOpportunity):
        return _("%(customer)s, %(reason)s: another opportunity about this product group is open already. Go on with that one.") % facts
    if isinstance(error, ActImpossible) and facts["possible"]:
        facts["act"] = Act(error.act).label
        return _("%(customer)s, %(reason)s: “%(act)s” does not follow “%(state)s”. Possible now: %(possible)s.") % facts
    if isinstance(error, ActImpossible):
        return _("%(customer)s, %(reason)s: field sales is asked at the moment. Wait for the answer.") % facts
    if isinstance(error, AnswerRefused) and str(error) == "budget":
        return budget_text()
    if isinstance(error, AnswerRefused) and str(error) == "owner":
        return _("This person answers no reasons. Choose somebody else.")
    return _("%(customer)s, %(reason)s: somebody answered this reason already. Look at it again.") % facts


def undo_token(actor: User, answer_ids: list[int]) -> str:
    """What an undo names: whose act it was, and which answers it gave."""
    return signing.dumps([actor.pk, answer_ids], salt=_SALT, compress=True)


def undo(actor: User, token: str) -> int:
    """Take back the acts of a token, one's own and fresh ones only; how many were."""
    try:
        by, ids = signing.loads(token, salt=_SALT, max_age=UNDO_WITHIN)
    except signing.BadSignature:
        return 0
    if by != actor.pk:
        return 0
    seen = Opportunity.objects.visible_to(actor).values("pk")
    answers = OpportunityAnswer.objects.filter(pk__in=ids, opportunity__in=seen).select_related("opportunity__customer")
    return acts.undo(actor=actor, answers=list(answers.order_by("-pk")))
