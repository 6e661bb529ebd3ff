"""What must not count. Nobody here edits an answer: it is marked with a reason and stays, and the figures say how many there are."""

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from innendienst.base import audit
from nps import cases, praise, tallies
from nps.models import Response

_WHY = "an answer the actor may see by name"


@transaction.atomic
def mark_invalid(*, actor: User, response: Response, reason: str) -> bool:
    """Leave an answer out of all figures; a case that nobody has taken up goes. False where it was left out already."""
    demand(actor, "nps.manage")
    return _change(actor, response, "", reason, "nps.invalid")


@transaction.atomic
def count_again(*, actor: User, response: Response) -> bool:
    """It counts after all, and is to be talked about again. False where it counts already."""
    demand(actor, "nps.manage")
    return _change(actor, response, response.invalid_reason, "", "nps.valid")


def _change(actor: User, response: Response, before: str, after: str, act: str) -> bool:
    if response.customer_id:
        hold(response.customer_id)
    found = Response.objects.for_system(_WHY).filter(pk=response.pk, invalid_reason=before)
    if before == after or not found.update(invalid_reason=after):
        return False
    response.invalid_reason = after
    if after:
        cases.drop_open(response)
    elif response.customer_id:
        cases.follow(response)
    praise.keep([response.customer_id])
    tallies.ask(response.wave_id)
    audit.record(act, by=actor, wave=response.wave_id, answer=response.pk, reason=after or before)
    return True
