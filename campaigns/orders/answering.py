"""What a person says to "Was this your order?", and taking it back while it is fresh."""

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from campaigns.models import Opportunity, OrderMatch
from campaigns.orders import closing
from campaigns.orders.fitting import Fit
from customers.locks import hold
from customers.touched import touch
from customers.undo import UNDONE, UndoRefused, fresh_since
from innendienst.lib.transitions import StateConflict

State = OrderMatch.State


@transaction.atomic
def confirm(*, actor: User, match: OrderMatch) -> None:
    """It is the order: the opportunity is won by it, and no other order is asked about. Raises StateConflict where it was answered."""
    match = _asked(actor, match)
    fit = Fit(match.order_key, match.order_number, match.ordered_on, match.amount, tuple(match.product_ids), is_own=True)
    opportunity = match.opportunity
    is_won_already = opportunity.state == Opportunity.State.WON and not opportunity.order_number
    if opportunity.state in Opportunity.CLOSED and not is_won_already:
        raise StateConflict(f"opportunity {opportunity.pk} is closed")
    match.before = closing.take(opportunity, fit, actor)
    _say(actor, match, State.TAKEN)
    opportunity.order_matches.filter(state=State.ASKED).delete()  # the undo's refresh finds them again
    touch([opportunity.customer_id])


@transaction.atomic
def refuse(*, actor: User, match: OrderMatch) -> None:
    """It is another order, and nobody asks about it again. Raises StateConflict where it was answered."""
    _say(actor, _asked(actor, match), State.REFUSED)


@transaction.atomic
def undo(*, actor: User, match: OrderMatch) -> None:
    """Ask again. Raises UndoRefused for somebody else's answer, an old one, or where somebody went on with it."""
    demand(actor, "opportunity.answer")
    hold(match.opportunity.customer_id)
    given = OrderMatch.objects.filter(pk=match.pk, by=actor, at__gte=fresh_since(), state__in=[State.TAKEN, State.REFUSED])
    match = given.select_related("opportunity__customer").first()
    if match is None:
        raise UndoRefused
    if match.state == State.TAKEN:
        if match.opportunity.order_number != match.order_number:
            raise UndoRefused
        closing.give_back(match, actor, UNDONE)
    match.before = {}
    _say(None, match, State.ASKED)
    touch([match.opportunity.customer_id])


def _asked(actor: User, match: OrderMatch) -> OrderMatch:
    """The match as it stands, its customer held."""
    demand(actor, "opportunity.answer")
    hold(match.opportunity.customer_id)
    standing = OrderMatch.objects.filter(pk=match.pk, state=State.ASKED).select_related("opportunity__customer").first()
    if standing is None:
        raise StateConflict(f"order match {match.pk} was answered")
    return standing


def _say(actor: User | None, match: OrderMatch, state: str) -> None:
    match.state, match.by = state, actor
    match.save()
