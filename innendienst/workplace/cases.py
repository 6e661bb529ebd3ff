"""What a follow-up about a survey answer says to those who may know whose answer it was."""

from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.call_guide import Said, greet
from customers.models import Contact, FollowUp
from innendienst.lib import display
from nps.cases import KINDS, case_id_of
from nps.models import Case


def case_sentences(user: User, follow_ups: Sequence[FollowUp]) -> dict[int, str]:
    """Follow-up id → "Bewertung 3 von 10 am 24.11.2026, Grund: „zu spät“. Anruf bis Do 26.11.2026."; read only where there are some."""
    cases = {case_id_of(each): each.pk for each in follow_ups if each.kind in KINDS}
    if not cases:
        return {}
    found = Case.objects.named_to(user).filter(pk__in=cases).select_related("response")
    return {cases[case.pk]: _sentence(case) for case in found}


def said_about_answer(follow_ups: Iterable[FollowUp], contact: Contact | None) -> Said | None:
    """How a call begins that is to be about what the customer said in a survey: asked and listened to, nothing is sold. Else None.

    It is in the language of the person who is called.
    """
    if not any(each.kind in FollowUp.ABOUT_ANSWERS for each in follow_ups):
        return None
    language = contact.language if contact and contact.language else translation.get_language()
    with translation.override(language):
        thanks = _("%(greeting)s, thank you for your frank answer to our survey.") % {"greeting": greet(contact)}
        return Said(opening=thanks, question=_("What went wrong for you, and what should we do better?"))


def _sentence(case: Case) -> str:
    answer = case.response
    facts = {
        "rating": answer.rating,
        "day": display.date(answer.answered_on),
        "reason": answer.reason.rstrip(". "),
        "due": display.due(case.due_on),
    }
    parts = [
        _("Rated %(rating)s of 10 on %(day)s, reason: “%(reason)s”.") if answer.reason else _("Rated %(rating)s of 10 on %(day)s."),
        _("He would rather not be called: write to him by %(due)s.") if answer.may_call is False else _("Call by %(due)s."),
    ]
    return " ".join(parts) % facts
