"""Since when we know that a customer would recommend us: kept on his own row (`Customer.praised_on`), beside who looks after him.

A list of one person's customers finds them along an index that way, and who gets a new owner is at once in the new one's list.
Whoever writes, changes or takes away answers of customers calls `keep` in his transaction, for a first answer `add`; a full recompute
looks at all of them.
"""

from collections.abc import Iterable

from nps import sql
from nps.models import Response
from nps.statistics import PROMOTER_FROM


def keep(customer_ids: Iterable[int | None]) -> int:
    """Bring these customers in line with their answers; how many changed. None stands for nobody. The caller holds the customers."""
    ids = {pk for pk in customer_ids if pk is not None}
    return sql.keep_praise(list(ids), PROMOTER_FROM) if ids else 0


def add(response: Response) -> None:
    """Count a first answer that praises: nothing but its day can be the last one now. Its customer was read after he was held."""
    customer, day = response.customer, response.answered_on
    if response.wave.shows_names and customer and (customer.praised_on is None or customer.praised_on < day):
        sql.write_praise(customer.pk, day)


def keep_all() -> int:
    """Everybody; a second run changes nothing."""
    return sql.keep_all_praise(PROMOTER_FROM)
