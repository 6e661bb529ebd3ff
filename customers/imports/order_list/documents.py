"""What the words of an order line mean: its state, and the document it stands in."""

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from customers.imports import answers
from customers.imports.answers import KEY_MOST, NO, YES, Question, Topic
from customers.imports.cells import Words, folded, shown, words
from customers.imports.columns import Look, Parse
from customers.imports.files.basics import Flaw
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
    """Reads the column Belegart and remembers which kinds of documents the list held.

    An order and its invoice would be the same purchase twice, so which kinds count is asked once; until then all of them do.
    """

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._answers: dict[str, str] = {}
        self._rows: Counter[str] = Counter()

    def maker(self, _look: Look) -> Parse:
        """Asking for a reader of cells looks up what was answered before."""
        self._answers = answers.known(Topic.DOCUMENT)
        return self.find

    def count(self, cells: Iterable[object]) -> None:
        """Add to each kind the rows that stand in such a document."""
        for raw, rows in Counter(cells).items():
            if not isinstance(raw, Flaw):
                self._rows[_key(folded(words(raw)))] += rows

    @property
    def counted(self) -> list[str]:
        """The kinds whose lines count as orders, as the list writes them."""
        return [text for key, text in self._found.items() if self._answers.get(key) != NO]

    @property
    def is_open(self) -> bool:
        """Whether the list holds a kind about which nobody has decided, beside others."""
        is_beside_others = len(self._found.keys() | self._answers.keys()) > 1
        return is_beside_others and any(key not in self._answers for key in self._found)

    def questions(self) -> list[Question]:
        """Each kind that may count; none where there is only one and never was another."""
        if not self.is_open and not any(key in self._answers for key in self._found):
            return []
        return [
            Question(Topic.DOCUMENT, key, text, self._answers.get(key, YES), is_open=key not in self._answers, rows=self._rows[key])
            for key, text in self._found.items()
        ]

    def find(self, raw: object) -> "str | Document":
        """The state a document of this kind gives its lines ("" = none of its own), or NO_ORDER."""
        typed = words(raw)
        kind = folded(typed)
        if kind.startswith(_NO_ORDERS):
            return Document.NO_ORDER
        for state, starts in _DOCUMENTS.items():
            if kind.startswith(starts):
                return state
        if kind:
            self._found.setdefault(key := _key(kind), shown(typed))
            return Document.NO_ORDER if self._answers.get(key) == NO else ""
        return ""


def _key(kind: str) -> str:
    return kind[:KEY_MOST]


def state(of_line: str | None, of_document: "str | Document | None") -> str:
    """What the line says of itself, else its document; delivered without either."""
    return of_line or (of_document if isinstance(of_document, str) else "") or OrderLine.Status.DELIVERED.value
