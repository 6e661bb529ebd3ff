"""Two customers who look alike, side by side in a few words, and why they are taken for one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.duplicates.finding import Pair
from customers.models import Customer, Merge, NotDuplicate
from innendienst.lib import display
from innendienst.merging.acts import is_undoable
from innendienst.merging.basics import stays


@dataclass(frozen=True)
class Shown:
    """A customer as the list of duplicates shows him."""

    pk: int
    url: str
    name: str
    number: str
    place: str
    owner: str
    revenue: str
    last_order: str


@dataclass(frozen=True)
class PairRow:
    """The first one is proposed as the one who stays. `why` are the reasons why the two look alike.

    `said` is who kept them apart or merged them, and when, `pk` that word or act; `is_undoable`: whether a merge can be taken back.
    """

    first: Shown
    second: Shown
    why: list[str]
    said: str = ""
    pk: int = 0
    is_undoable: bool = False


def pair_rows(pairs: Iterable[Pair]) -> list[PairRow]:
    """The pairs with what is shown of them; two queries."""
    pairs = list(pairs)
    load = _loader(pk for pair in pairs for pk in pair)
    rows = []
    for pair in pairs:
        first, second = load(pair.first), load(pair.second)
        better, other = (second, first) if stays(second, first) else (first, second)
        rows.append(PairRow(shown(better), shown(other), list(_why(first, second))))
    return rows


def apart_rows(found: Iterable[NotDuplicate]) -> list[PairRow]:
    """Those of whom somebody said that they are two."""
    found = list(found)
    load = _loader(pk for said in found for pk in (said.customer_id, said.other_id))
    return [PairRow(shown(load(said.customer_id)), shown(load(said.other_id)), [], _said(said), said.pk) for said in found]


def merge_rows(found: Iterable[Merge]) -> list[PairRow]:
    """Those that were merged: who stayed first."""
    found = list(found)
    load = _loader(pk for done in found for pk in (done.customer_id, done.into_id))
    return [
        PairRow(shown(load(done.into_id)), shown(load(done.customer_id)), [], _said(done), done.pk, is_undoable=is_undoable(done))
        for done in found
    ]


def shown(customer: Customer) -> Shown:
    facts = getattr(customer, "facts", None)
    last_order_on = (facts.last_order_on if facts else None) or customer.stated_last_order_on
    return Shown(
        pk=customer.pk,
        url=customer.get_absolute_url(),
        name=customer.name,
        number=customer.number,
        place=f"{customer.postcode} {customer.town}".strip(),
        owner=customer.owner.full_name if customer.owner else display.UNKNOWN,
        revenue=display.euros(facts.revenue_12m if facts else None),
        last_order=display.ago(last_order_on, timezone.localdate()) if last_order_on else display.UNKNOWN,
    )


def _loader(ids: Iterable[int]) -> Callable[[int], Customer]:
    customers = Customer.objects.for_system("found by visible_to").filter(pk__in=set(ids)).select_related("facts", "owner")
    known = {customer.pk: customer for customer in customers}
    return known.__getitem__


def _why(first: Customer, second: Customer) -> Iterator[str]:
    yield _("same name")
    if first.postcode:
        yield _("postcode %(postcode)s") % {"postcode": first.postcode}
    if first.phone_e164 and first.phone_e164 == second.phone_e164:
        yield _("phone %(phone)s") % {"phone": first.phone_display}
    if first.email and first.email.lower() == second.email.lower():
        yield _("e-mail %(email)s") % {"email": first.email}


def _said(said: NotDuplicate | Merge) -> str:
    facts = {"name": said.by.full_name, "day": display.date(timezone.localdate(said.at))}
    return _("%(name)s on %(day)s") % facts
