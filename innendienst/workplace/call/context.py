"""What the partials of a card and its call form show."""

from django.urls import reverse

from accounts.models import User
from customers.models import Activity
from innendienst.workplace.call import options
from innendienst.workplace.call.answers import DISMISSED_REASONS
from innendienst.workplace.call.card import Card
from innendienst.workplace.call.markup import FormView
from innendienst.workplace.call.opening import fresh_form
from innendienst.workplace.call.shown import ShownForm
from innendienst.workplace.handovers.proposals import is_new_customer, proposal_text


def card_context(card: Card, form: ShownForm, *, back: str, kind: str = "", key: str = "") -> dict:
    """What partials/card.html and partials/call_form.html show. `back` is "day" or "customer": where a save leads.

    `key` replaces the key that was sent, where the next save must be another call.
    """
    return {
        "card": card,
        "form": FormView(
            form,
            card.contacts,
            back=back,
            today=card.today,
            goods=card.goods,
            may_hand_over=card.may_hand_over and not card.handover,
            asks_satisfied=card.asks_satisfied,
            surveys=card.surveys,
            visit_proposal=proposal_text(is_new=is_new_customer(card.customer, card.today), needs_demo=card.needs_demo),
        ),
        "form_key": key or form.value("key"),
        "dismissed_reasons": DISMISSED_REASONS,
        "put_off_days": options.put_off_days(form.days) if card.due else (),
        "call_save_url": reverse("call_save"),
        "day_url": reverse("my_day"),
        "back": back,
        "kind": kind,
    }


def fresh_card(user: User, card: Card, *, back: str, kind: str = "", again: Activity | None = None, is_incoming: bool = False) -> dict:
    """A card with an empty call form, or with the text of a call that was undone (`again`)."""
    return card_context(card, fresh_form(user, card, again, is_incoming=is_incoming), back=back, kind=kind)
