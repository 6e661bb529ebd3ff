"""Who looks after a customer, asked once for all of them."""

from functools import cached_property

from accounts.models import User
from customers.imports.cells import CellError, shown, words
from customers.imports.columns import Look, Parse
from customers.imports.owners import OwnerNames
from customers.models import Customer


class Owners:
    """Knows the owners when it is first asked."""

    def of(self, customer_id: int) -> int | None:
        return self._known.get(customer_id)

    @cached_property
    def _known(self) -> dict[int, int | None]:
        rows = Customer.objects.for_system("a follow-up without a name is the owner's").exclude(owner=None)
        return dict(rows.values_list("pk", "owner").iterator(chunk_size=10_000))


class OwnName(OwnerNames):
    """The column Betreuer of somebody's own list: he himself, or blank."""

    def __init__(self, person: User) -> None:
        super().__init__()
        self._person = person

    def maker(self, look: Look) -> Parse:
        find = super().maker(look)

        def demand_own(raw: object) -> int | None:
            try:
                found = find(raw)
            except CellError:
                found = 0
            if found in (None, self._person.pk) and (found or not words(raw)):
                return self._person.pk
            raise CellError("not_your_own", value=shown(words(raw)))

        return demand_own

    def questions(self) -> list:
        """Who somebody else is, is nobody's question here."""
        return []
