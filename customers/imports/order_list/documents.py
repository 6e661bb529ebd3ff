"""What the words of an order line mean: its state, and the document it stands in."""

from enum import Enum

from customers.imports.cells import Words, folded, shown, words
from customers.imports.columns import Look, Parse
from customers.models import OrderLine

STATES = Words.of({
    "open": "offen open neu erfasst bestätigt Rückstand teilgeliefert in_Arbeit freigegeben new confirmed",
    "delivered": "geliefert delivered erledigt fakturiert berechnet abgeschlossen versendet versandt ausgeliefert bezahlt geschlossen "
    "invoiced closed shipped complete completed paid done",
    "cancelled": "storniert Storno cancelled canceled annulliert gelöscht abgesagt",
    "credit": "Gutschrift gutgeschrieben credit Retoure return refund",
})  # fmt: skip
_DOCUMENTS = {
    OrderLine.Status.CREDIT.value: ("gutschrift", "retoure", "creditnote", "credit", "rechnungskorrektur", "warenrucknahme"),
    OrderLine.Status.CANCELLED.value: ("storno", "cancel"),
}
_NO_ORDERS = ("angebot", "anfrage", "kostenvoranschlag", "mahnung", "quote", "quotation", "offer", "inquiry", "bestellvorschlag")


class Document(Enum):
    """A document that is no order: its lines are no purchases."""

    NO_ORDER = "no_order"


class Documents:
    """Reads the column Belegart and remembers which kinds of documents the list held."""

    def __init__(self) -> None:
        self.counted: dict[str, None] = {}
        self.ignored: dict[str, None] = {}

    def maker(self, _look: Look) -> Parse:
        return self.find

    def find(self, raw: object) -> "str | Document":
        """The state a document of this kind gives its lines ("" = none of its own), or NO_ORDER."""
        typed = words(raw)
        kind = folded(typed)
        if kind.startswith(_NO_ORDERS):
            self.ignored[shown(typed)] = None
            return Document.NO_ORDER
        for state, starts in _DOCUMENTS.items():
            if kind.startswith(starts):
                return state
        if kind:
            self.counted[shown(typed)] = None
        return ""


def state(of_line: str | None, of_document: "str | Document | None") -> str:
    """What the line says of itself, else its document; delivered without either."""
    return of_line or (of_document if isinstance(of_document, str) else "") or OrderLine.Status.DELIVERED.value
