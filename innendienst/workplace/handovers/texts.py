"""Who has the ball, in a sentence: what stands on the customer's card, in lists and in follow-ups."""

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, Handover
from customers.models.companies import FieldWord
from innendienst.lib import display

State = Handover.State


def ball_sentence(handover: Handover) -> str:
    """Where a hand-over stands: "Dirk Lehmann ist seit 24.11.2026 gefragt und antwortet bis 26.11.2026."."""
    facts = {
        "name": handover.to.full_name,
        "asked": display.date(timezone.localdate(handover.requested_at)),
        "until": display.date(handover.answer_by),
        "visit": display.date(handover.visit_on) if handover.visit_on else "",
        "result": handover.result.rstrip("."),
        "step": handover.next_step.rstrip("."),
    }
    match handover.state:
        case State.REQUESTED:
            return _("%(name)s (field sales) was asked on %(asked)s and answers by %(until)s.") % facts
        case State.ACCEPTED if handover.visit_on:
            return _("%(name)s (field sales) has taken over; visit on %(visit)s.") % facts
        case State.ACCEPTED:
            return _("%(name)s (field sales) has taken over; the day of the visit is still open.") % facts
        case State.DECLINED:
            return _("%(name)s does not take over: %(result)s.") % facts if handover.result else _("Taken back.")
        case State.LAPSED:
            return _("%(name)s has not answered by %(until)s; the customer is back with inside sales.") % facts
    return _outcome(handover, facts)


def _outcome(handover: Handover, facts: dict) -> str:
    visit = _("Visit of %(name)s on %(visit)s: %(result)s.") if handover.visit_on else _("%(name)s: %(result)s.")
    step = " " + _("Next step: %(step)s.") % facts if handover.next_step else ""
    return visit % facts + step


def word_sentence(customer: Customer) -> str:
    """What field sales says about calling him, and his wish for a visit; "" for nothing."""
    wish = _("Wants a visit: field sales looks after him, he stands on no phone list.") if customer.wants_visit else ""
    today = timezone.localdate()
    if customer.field_word == FieldWord.WAIT and customer.wait_until and customer.wait_until > today:
        word = _("Field sales asks to wait until %(day)s.") % {"day": display.date(customer.wait_until)}
    else:
        word = _("Field sales: may be called.") if customer.field_word == FieldWord.MAY_CALL else ""
    return " ".join(filter(None, [wish, word]))
