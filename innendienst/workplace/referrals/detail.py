"""The page of one referral contact: may we call, what to say, what is owed, and what can be done now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.gate import gate_text
from customers.undo import UNDONE
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.call.options import option_of
from innendienst.workplace.references.uses import warn_of_gifts
from innendienst.workplace.referrals import texts
from innendienst.workplace.referrals.done import done_text
from innendienst.workplace.referrals.forms import OUTCOMES, Act, ActForm
from referrals import calling, contacting, erasing, naming, saying, using
from referrals.models import Knows, Recommender, ReferralContact, Thanks
from referrals.naming import ReferralRefused
from referrals.steps import REFERRAL_STEPS, may_move_referral
from referrals.using import Gift

State = ReferralContact.State
REFUSALS = (StateConflict, TransitionRefused, ReferralRefused)


@require_safe
@allow("customer.see")
def referral_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


@require_POST
@allow("contact.refuse")
def referral_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out one act; what is missing comes back with the page and everything that was typed."""
    referral, form = _found(request, pk), ActForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, form, status=422)
    try:
        thanks = _do(request.user, referral, form)
    except REFUSALS as error:
        messages.error(request, texts.refusal_text(_found(request, pk), error))
        if isinstance(error, ReferralRefused) and error.code == "explanation":
            return _page(request, referral, form, status=422)
        return redirect("referrals:detail", pk)
    given = form.cleaned_data
    messages.success(request, done_text(Act(given["act"]), _found(request, pk), given))
    if thanks:
        warn_of_gifts(request, thanks.contact)
    return redirect("referrals:detail", pk)


def _do(actor: User, referral: ReferralContact, form: ActForm) -> Thanks | None:
    given, of = form.cleaned_data, {"actor": actor, "referral": referral}
    if given["version"] != referral.version:
        raise StateConflict(f"referral {referral.pk}")
    match Act(given["act"]):
        case Act.CHECK:
            naming.check(**of, knows=given["knows"], note=given["legal_note"])
        case Act.MAY_NAME:
            naming.allow_naming(actor=actor, recommender=referral.recommender)
        case Act.CALL:
            contacting.call_first(**of, outcome=given["outcome"], note=given["note"], with_notice=given["with_notice"])
        case Act.WRITE:
            contacting.write_first(**of)
        case Act.INFORM:
            contacting.informed(**of)
        case Act.TELL:
            contacting.inform_recommender(**of)
        case Act.TALK:
            contacting.talk(**of, may_report_outcome=given["may_report_outcome"])
        case Act.WIN:
            contacting.win(**of, won_on=given["won_on"])
        case Act.THANK:
            return using.thank_recommender(**of, gift=Gift(given["how"], form.gift_value))
        case Act.REFUSE:
            contacting.refuse(**of, objects=given["objects"])
        case Act.ERASE:
            erasing.erase(**of, reason="by_hand")
    return None


def possible_acts(user: User, referral: ReferralContact) -> list[Act]:
    """What this person may do now; what is owed stands among the duties instead."""
    edits, state = allowed(user, "referral.edit"), State(referral.state)
    wanted = {
        Act.CHECK: edits and _may_check(user, referral),
        Act.MAY_NAME: edits and state in ReferralContact.OPEN and not referral.recommender.may_name_me,
        Act.CALL: edits and state == State.CLEARED,
        Act.WRITE: edits and state in {State.CLEARED, State.LETTER_ONLY},
        Act.TALK: edits and State.IN_TALKS in REFERRAL_STEPS[state],
        Act.WIN: edits and State.CUSTOMER_WON in REFERRAL_STEPS[state],
        Act.REFUSE: may_move_referral(user, state, State.NOT_INTERESTED),
        Act.ERASE: may_move_referral(user, state, State.ERASED),
    }
    return [act for act in Act if wanted.get(act)]


def _may_check(user: User, referral: ReferralContact) -> bool:
    if naming.is_for_management(referral):
        return allowed(user, "referral.clear")
    return referral.state in {State.NAMED, State.LEGAL_CHECK, State.LETTER_ONLY}


def _page(request: HttpRequest, referral: ReferralContact, form: ActForm | None = None, status: int = 200) -> HttpResponse:
    user, acts = request.user, possible_acts(request.user, referral)
    recommender, answer = referral.recommender, calling.may_call(referral, timezone.localdate())
    sees_recommender = Recommender.objects.visible_to(user).filter(pk=recommender.pk).exists()
    context = {
        "referral": referral,
        "contact": referral.contact,
        "customer": referral.customer,
        "recommender": recommender,
        "sees_recommender": sees_recommender,
        "chip": texts.state_chip(referral),
        "may_call": answer.is_allowed,
        "is_for_management": naming.is_for_management(referral),
        "gate": gate_text(answer) if referral.state != State.ERASED else "",
        "opening": saying.opening_of_referral(referral, recommender.customer.name) if Act.CALL in acts else "",
        "choices": texts.consequences(referral) if Act.CHECK in acts else [],
        "notice": texts.notice(referral) if referral.state in ReferralContact.OPEN else "",
        "duties": texts.duties_of(referral) if allowed(user, "referral.edit") else [],
        "may_edit": allowed(user, "referral.edit"),
        "acts": [act for act in acts if act != Act.CHECK],
        "may_hand_over": referral.state == State.IN_TALKS and allowed(user, "handover.ask"),
        "outcomes": [option_of(outcome, "reached") for outcome in OUTCOMES],
        "ways": Thanks.How.choices,
        "history": _history(referral, shows_authors=allowed(user, "author.see")),
        "complaints": form.messages if form else [],
        "typed": form.data if form else {},
        "today": display.date(timezone.localdate()),
    }
    return render(request, "referrals/referral_detail.html", context, status=status)


def _history(referral: ReferralContact, *, shows_authors: bool) -> list[dict]:
    words = {
        "not_informed": _("not informed within a month"),
        "kept_long_enough": _("no result within the time it may be kept"),
        "by_hand": "",
        contacting.ORDERED: _("first order"),
        UNDONE: _("undone"),
        **dict(Knows.choices),
    }
    return [
        {
            "day": display.date(timezone.localdate(step.at)),
            "state": State(step.to_state).label,
            "reason": words.get(step.reason, step.reason),
            "by": (step.by.full_name if step.by else _("by itself")) if shows_authors or not step.by else "",
        }
        for step in referral.transitions.select_related("by").order_by("-pk")
    ]


def _found(request: HttpRequest, pk: int) -> ReferralContact:
    rows = ReferralContact.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("contact", "customer__facts", "owner", "recommender__contact", "recommender__customer"), pk=pk
    )
