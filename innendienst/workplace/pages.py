"""What Mein Tag consists of: the day's list, the card of the chosen row, and the way there after a save."""

import datetime as dt

from django.http import Http404
from django.urls import reverse

from accounts.models import User
from campaigns.models import DayListRow
from customers.gate import sign
from customers.models import Activity, Customer
from innendienst.workplace import reads
from innendienst.workplace.answer_forms import DISMISSED_REASONS
from innendienst.workplace.call_forms import fresh_form
from innendienst.workplace.card import Card, load_card
from innendienst.workplace.empty import what_else
from innendienst.workplace.form_view import FormView
from innendienst.workplace.forms import CallForm
from innendienst.workplace.my_day import MyDay, load_my_day, next_after
from innendienst.workplace.row_views import row_views


def visible_customer(user: User, pk: int) -> Customer:
    """The customer with what a card needs, or a page that does not exist."""
    customer = reads.customer_for(user, pk)
    if customer is None:
        raise Http404
    return customer


def card_context(card: Card, form: CallForm, *, back: str, kind: str = "", key: str = "") -> dict:
    """What partials/card.html and partials/call_form.html show. `back` is "day" or "customer": where a save leads.

    `key` replaces the key that was sent, where the next save must be another call.
    """
    return {
        "card": card,
        "form": FormView(form, card.contacts, back=back, today=card.today),
        "form_key": key or form["key"].value(),
        "gate_signed": sign(form.gate, card.customer),
        "dismissed_reasons": DISMISSED_REASONS,
        "call_save_url": reverse("call_save"),
        "day_url": reverse("my_day"),
        "back": back,
        "kind": kind,
    }


def fresh_card(user: User, customer: Customer, today: dt.date, *, back: str, kind: str = "", again: Activity | None = None) -> dict:
    """A card with an empty call form, for whoever includes the partials."""
    return _fresh(user, load_card(user, customer, today), back=back, kind=kind, again=again)


def day_context(
    user: User, today: dt.date, *, chosen_id: int | None, kind: str, shown: dict | None = None, again: Activity | None = None
) -> dict:
    """The whole of Mein Tag. `shown` is a card that stands already: a form that came back with complaints."""
    day = load_my_day(user, today)
    rows = day.of_kind(kind)
    chosen_id = chosen_id or (rows[0].customer.pk if rows else None)
    if shown is None and chosen_id:
        shown = _fresh(user, _card_of(user, day, chosen_id), back="day", kind=kind, again=again)
    empty = {} if rows or kind else {"what_else": what_else(user, day)}
    frame = {"day_url": reverse("my_day"), "day_open_count": len(day.rows), "dismissed_reasons": DISMISSED_REASONS}
    return {**frame, "day": day, "rows": row_views(rows, chosen_id, kind), "chosen_id": chosen_id, "kind": kind, **empty, **(shown or {})}


def _card_of(user: User, day: MyDay, customer_id: int) -> Card:
    """The card of a customer on the list, or of any other who may be seen."""
    row = day.row_of(customer_id)
    if row is None:
        return load_card(user, visible_customer(user, customer_id), day.today)
    if row.customer.owner_id == user.pk:
        row.customer.owner = user
    return load_card(user, row.customer, day.today, row)


def _fresh(user: User, card: Card, *, back: str, kind: str, again: Activity | None) -> dict:
    return card_context(card, fresh_form(user, card, again), back=back, kind=kind)


def next_customer_id(user: User, today: dt.date, after_id: int, kind: str) -> int | None:
    """Whom to go on with after a save; the rows' reasons are read only where a filter asks for them."""
    if kind:
        day = load_my_day(user, today)
        return next_after(after_id, day.order, [row.customer.pk for row in day.of_kind(kind)])
    stored = reads.day_states(user, today)
    return next_after(after_id, [pk for pk, _state in stored], [pk for pk, state in stored if state == DayListRow.State.OPEN])
