"""Two customers side by side: where they differ, what either brings along, and what speaks against making them one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Model
from django.utils.translation import gettext as _, ngettext

from customers.models import Activity, Complaint, Contact, ContactBlock, Customer, FollowUp, Order
from innendienst.lib import display
from innendienst.merging.basics import CHOSEN, differing, proposed
from innendienst.merging.people import homeless_numbers, same_people


@dataclass(frozen=True)
class Field:
    """A field in which the two differ, in words; `takes_gone` proposes the value of the one that goes."""

    name: str
    label: str
    kept: str
    gone: str
    takes_gone: bool


@dataclass(frozen=True)
class Brought:
    """How much of a kind either has."""

    label: str
    kept: int
    gone: int


def compare(kept: Customer, gone: Customer, taken: set[str] | None = None) -> list[Field]:
    """`taken` are the fields chosen already; without it a choice is proposed."""
    taken = proposed(kept, gone) if taken is None else taken
    return [
        Field(name, str(Customer._meta.get_field(name).verbose_name), _shown(kept, name), _shown(gone, name), name in taken)
        for name in differing(kept, gone)
    ]


def chosen(posted) -> set[str]:
    """The fields that somebody takes from the customer that goes."""
    return {name for name in CHOSEN if posted.get(name) == "gone"}


def brought(kept: Customer, gone: Customer) -> list[Brought]:
    """What will be one customer's afterwards; kinds of which neither has any are left out."""
    kinds: tuple[tuple[str, type[Model], dict], ...] = (
        (_("Orders"), Order, {}),
        (_("Contacts"), Contact, {}),
        (_("Calls and letters"), Activity, {"voided_at": None}),
        (_("Open follow-ups"), FollowUp, {"done_at": None}),
        (_("Complaints"), Complaint, {}),
        (_("Blocks and objections"), ContactBlock, {"lifted_at": None}),
    )
    found = []
    for label, model, which in kinds:
        rows = model.objects.for_system("of customers found by visible_to").filter(customer__in=[kept, gone], **which).order_by()
        counts = dict(rows.values_list("customer").annotate(count=Count("pk")))
        if counts:
            found.append(Brought(label, counts.get(kept.pk, 0), counts.get(gone.pk, 0)))
    return found


def people_of_both(kept: Customer, gone: Customer) -> list[str]:
    """Sentences on the people whom both have, and on numbers of theirs for which there is no place; empty where there are none."""
    same = same_people(gone.pk, kept.pk)
    names = [person.full_name for person in same]
    if not names:
        return []
    text = ngettext("%(names)s is a contact of both and will be one.", "%(names)s are contacts of both and will be one each.", len(names))
    homeless = {person.full_name: homeless_numbers(person, twin) for person, twin in same.items()}
    lost = _("%(name)s has two other numbers already: note %(numbers)s first, it is not kept.")
    return [
        text % {"names": _listed(names)},
        *(lost % {"name": name, "numbers": _listed(numbers)} for name, numbers in homeless.items() if numbers),
    ]


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return _("%(names)s and %(last)s") % {"names": ", ".join(most), "last": last} if most else last


def _shown(customer: Customer, name: str) -> str:
    if hasattr(customer, f"get_{name}_display"):
        return getattr(customer, f"get_{name}_display")()
    value = getattr(customer, name)
    if name == "phone":
        return customer.phone_display or display.UNKNOWN
    if name == "customer_since":
        return display.date(value) if value else display.UNKNOWN
    return str(value) if value else display.UNKNOWN
