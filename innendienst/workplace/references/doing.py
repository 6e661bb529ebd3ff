"""Doing what a person asked for with a reference, and saying why it was not done."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import CAPABILITIES, allowed
from customers.gate import ReasonMissing
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.references.forms import Act, ActForm
from referrals import asking, releasing
from referrals.asking import AskingRefused
from referrals.models import Place, ReferenceCustomer
from referrals.releasing import ReleaseRefused
from referrals.steps import REFERENCE_STEPS, Reference, may_move_reference
from referrals.suitability import Gate
from referrals.using import UseRefused

REFUSALS = (StateConflict, TransitionRefused, AskingRefused, ReleaseRefused, UseRefused, ReasonMissing)
_LEADS_TO = {
    Act.QUALIFY: Reference.QUALIFIED,
    Act.ASK: Reference.ASKED,
    Act.AGREE: Reference.AGREED,
    Act.DECLINE: Reference.DECLINED,
    Act.REVIEW: Reference.UNDER_REVIEW,
    Act.KEEP: Reference.RELEASED,
    Act.EXPIRE: Reference.EXPIRED,
    Act.PAUSE: Reference.PAUSED,
    Act.WITHDRAW: Reference.WITHDRAWN,
}
_ASKING = frozenset({Reference.QUALIFIED, Reference.ASKED, Reference.THINKING})


def possible_acts(user: User, reference: ReferenceCustomer) -> list[Act]:
    """What this person may do with it now, in the order of the page."""
    return [act for act in Act if _is_possible(user, reference, act)]


def _is_possible(user: User, reference: ReferenceCustomer, act: Act) -> bool:
    state = reference.state
    if act == Act.RESUME:
        return state == Reference.PAUSED and may_move_reference(user, state, reference.resumes_as)
    if state == Reference.PAUSED and act != Act.WITHDRAW:
        return False
    if act == Act.GIVE_TIME:
        return state in {Reference.ASKED, Reference.THINKING} and allowed(user, "reference.ask")
    if act == Act.HAND_ON:
        return state in _ASKING and allowed(user, "reference.ask")
    if act == Act.KEEP and state != Reference.UNDER_REVIEW:
        return False
    to_state = _LEADS_TO[act]
    return to_state in REFERENCE_STEPS[state] and may_move_reference(user, state, to_state)


def do(actor: User, reference: ReferenceCustomer, form: ActForm) -> None:
    """Carry out the form's act. Raises one of REFUSALS."""
    given, act = form.cleaned_data, Act(form.cleaned_data["act"])
    if given["version"] != reference.version:
        raise StateConflict(f"reference {reference.pk}")
    of, why = {"actor": actor, "reference": reference}, given["reason"]
    match act:
        case Act.QUALIFY:
            asking.qualify(**of)
        case Act.ASK:
            contact = reference.customer.contacts.filter(pk=given["contact"]).first() if given["contact"] else None
            if contact:
                contact.customer = reference.customer
            asking.ask(
                **of, contact=contact, thinking_until=given["until"], legal_reason=given["legal_reason"], legal_text=given["legal_text"]
            )
        case Act.GIVE_TIME:
            asking.give_time(**of, until=given["until"])
        case Act.AGREE:
            asking.agree(**of)
        case Act.DECLINE:
            asking.decline(**of, reason=why)
        case Act.HAND_ON:
            asking.hand_asking_on(**of, asker=_asker(given["asker"]), note=why)
        case Act.REVIEW:
            releasing.review(**of, reason=why)
        case Act.KEEP:
            releasing.keep_released(**of)
        case Act.EXPIRE:
            releasing.expire(**of, reason=why)
        case Act.PAUSE:
            asking.pause(**of, reason=why)
        case Act.RESUME:
            asking.resume(**of)
        case Act.WITHDRAW:
            asking.withdraw(**of, reason=why)


def askers() -> list[User]:
    return [user for user in User.objects.active() if user.role in CAPABILITIES["reference.ask"]]


def _asker(pk: int) -> User:
    found = next((user for user in askers() if user.pk == pk), None)
    if found is None:
        raise PermissionDenied("reference.ask")
    return found


def gate_text(gate: str, *, tells_answers: bool = True) -> str:
    """Why nobody asks him now; who may not know his answers learns no more than that."""
    if gate == Gate.DETRACTOR and not tells_answers:
        return _("whoever looks after him knows why")
    return {
        Gate.COMPLAINT: _("a complaint is open"),
        Gate.DETRACTOR: _("critical answer within the last year"),
        Gate.BLOCKED: _("do not contact"),
        Gate.DECLINED: _("declined within the last year"),
        Gate.STOPPED: _("deliveries are stopped"),
    }[Gate(gate)]


def refusal_text(reference: ReferenceCustomer, error: Exception, *, tells_answers: bool = True) -> str:
    """Why it was not done, and what can be done instead."""
    facts = {"customer": reference.customer, "state": reference.get_state_display()}
    match error:
        case AskingRefused():
            return _asking_text(error, facts, tells_answers=tells_answers)
        case ReleaseRefused():
            return release_text(error.code)
        case UseRefused():
            return use_text(error)
        case ReasonMissing():
            return (
                _("%(customer)s: without an order on record the question needs a legal reason. Choose one under “Ask for reference”.")
                % facts
            )
        case StateConflict():
            return _("%(customer)s: somebody else was faster, it is “%(state)s” now. Look at it again.") % facts
    return _("%(customer)s: this does not follow “%(state)s”.") % facts


def _asking_text(error: AskingRefused, facts: dict, *, tells_answers: bool) -> str:
    reference = error.reference
    asked = {
        **facts,
        "name": reference.asked_by.full_name if reference.asked_by else "",
        "day": display.date(reference.asked_on) if reference.asked_on else "",
        "until": display.date(reference.thinking_until) if reference.thinking_until else "",
    }
    if error.code == "thinking":
        return _("%(customer)s has time to think until %(until)s: %(name)s asked on %(day)s. Nobody asks again before that.") % asked
    if error.code == "asked_by" and reference.asked_on:
        return _("%(customer)s is asked by %(name)s, since %(day)s. Let him go on, or have him hand it to you.") % asked
    if error.code == "asked_by":
        return _("%(customer)s is asked by %(name)s. Let him go on, or have him hand it to you.") % asked
    if error.code == "contact":
        return _("%(customer)s: this person must not be contacted. Choose somebody else, or wait until the customer calls.") % facts
    if error.code == "asker":
        return _("This person asks no customers. Choose somebody else.")
    return _("%(customer)s is not asked now: %(why)s.") % {**facts, "why": gate_text(error.code, tells_answers=tells_answers)}


def release_text(code: str) -> str:
    return {
        "places": _("Where: choose at least one place."),
        "proof": _("No release stands in writing. File the customer's word first."),
        "text": _("Approved text: enter it, or choose a file."),
        "ended": _("This release has ended. Agree on a new one first."),
    }[code]


def use_text(error: UseRefused) -> str:
    """Why this use is refused, with what is allowed."""
    scope = error.scope
    reference = scope.reference
    facts = {
        "kind": scope.get_kind_display(),
        "customer": reference.customer,
        "until": display.date(scope.valid_until) if scope.valid_until else "",
        "places": places_text(scope.places),
        "most": scope.per_quarter_most,
        "state": reference.get_state_display(),
    }
    return {
        "state": _("%(customer)s: the reference is “%(state)s” and may not be used."),
        "complaint": _("%(customer)s: a complaint is open; until it is settled the reference is not used."),
        "proof": _("%(kind)s of %(customer)s: agreed, but the written release is missing. File it first."),
        "withdrawn": _("%(kind)s of %(customer)s: the release was withdrawn. It may not be used any more."),
        "ended": _("%(kind)s of %(customer)s: the release ended on %(until)s. Ask the customer for a new one."),
        "place": _("%(kind)s of %(customer)s is released for: %(places)s. For anything else ask the customer first."),
        "prospect": _("%(kind)s of %(customer)s: enter for whom, by name or number. It is for one customer or prospect, not for many."),
        "competitor": _(
            "%(kind)s of %(customer)s is not for competitors, and the two are of one industry or one has none. Choose another reference."
        ),
        "load": _("%(customer)s has given his time %(most)s times this quarter, as agreed. Choose another reference."),
        "soon": _("%(customer)s gave his time less than two weeks ago. Choose another reference, or a later day."),
    }[error.code] % facts


def places_text(places: list[str]) -> str:
    return ", ".join(str(Place(place).label) for place in places)
