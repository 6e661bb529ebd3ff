"""Which customer a row of another list means."""

from django.db.models import QuerySet

from accounts.models import User
from customers.imports.cells import CellError, shown, words
from customers.imports.columns import Look, Maker, Parse
from customers.models import Customer
from innendienst.lib.folding import business_key

HEADINGS = "Kundennummer | Customer number | Kundennr | Kunden-Nr | KdNr | Kd-Nr | Kunden-ID | Customer no | Customer ID"
VAGUE = (
    "Debitor | KUNNR | Account ID | Debitorennummer | "
    "Debitorenkonto | Debitor Nr | Kundenkonto | Account number | Konto | Kontonummer | Adressnummer"
)


def customer_id(look: Look) -> Parse:
    """A cleaner that knows all numbers; that of a customer merged into another means the other."""
    return _known(Customer.objects.for_system("a list names customers by number"))


def customers_seen_by(person: User | None) -> Maker:
    """The same, for somebody's own list with the customers whom he sees."""
    return (lambda look: _known(Customer.objects.visible_to(person))) if person else customer_id


def _known(customers: QuerySet[Customer]) -> Parse:
    rows = customers.values_list("number_key", "merged_into", "pk")
    known = {key: merged_into or pk for key, merged_into, pk in rows.iterator(chunk_size=10_000)}

    def find(raw: object) -> int | None:
        typed = words(raw)
        if not typed:
            return None
        try:
            return known[business_key(typed)]
        except KeyError:
            raise CellError("unknown_customer", value=shown(typed)) from None

    return find
