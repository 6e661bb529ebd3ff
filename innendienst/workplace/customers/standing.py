"""How the customer stands to us, in a word each: how far he is as a reference, and what he answered last in a survey."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Customer
from innendienst.lib import display
from innendienst.workplace.chips import Chip
from innendienst.workplace.reads import stand
from innendienst.workplace.references.listing import chip_of_state
from nps.querysets import ids_looked_after_by
from nps.statistics import group_of

_TONES = {"promoter": "good", "detractor": "bad"}


def standing_chips(user: User, customer: Customer) -> Iterator[Chip]:
    """Nothing where there is nothing; his answer only to those whom the survey named (nps/querysets.py, `named_to`)."""
    stand(customer)
    if customer.reference_state:
        chip = chip_of_state(customer.reference_state, customer.thinking_until)
        yield Chip(_("Reference: %(state)s") % {"state": chip.label}, chip.tone)
    if customer.last_rating is not None and (customer.owner_id == user.pk or ids_looked_after_by(user, [customer])):
        facts = {"rating": customer.last_rating, "day": display.date(customer.answered_on)}
        yield Chip(_("NPS: %(rating)s of 10 on %(day)s") % facts, _TONES.get(group_of(customer.last_rating), ""))
