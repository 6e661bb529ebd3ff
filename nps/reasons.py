"""What answers are about, by the words in them: simple groups that a person can check, not a verdict.

An answer may name several things and then counts in each group; one without a known word counts as "other", without any as "none".
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from innendienst.lib.folding import without_accents

NO_REASON = " none "
"""What is stored with an answer without words."""

GROUPS: dict[str, str | Promise] = {
    "delivery": _("Delivery and deadlines"),
    "availability": _("Being reached"),
    "price": _("Price"),
    "quality": _("Quality of the goods"),
    "advice": _("Advice and staff"),
    "service": _("Service and repairs"),
    "complaint": _("Handling of complaints"),
    "invoice": _("Invoice and order"),
    "range": _("Range"),
    "other": _("Other reasons"),
    "none": _("No reason given"),
}
"""Group → name, as the tables show them."""

# Beginnings of words, folded: "Lieferung", "geliefert" and "Liefertermin" meet in "liefer". German first, English after it.
_STEMS: dict[str, str] = {
    "delivery": "liefer geliefer termin punktlich verspat zu.spat versand paket spedition wartezeit deliver late shipping arriv on.time",
    "availability": "erreichbar telefon hotline ruckruf warteschleif antwort.dauer meldet.sich reach phone.call call.back respon waiting",
    "price": "preis teuer gunstig kosten rabatt kondition price expensive cheap cost discount value.for",
    "quality": "qualitat defekt kaputt mangel haltbar fehlerhaft ware.ist material quality broken faulty defect",
    "advice": "berat freundlich kompeten mitarbeiter ansprechpartner betreu hilfsbereit kundennah "
    "advice friendly helpful staff agent knowledge polite",
    "service": "service kundendienst wartung reparatur techniker montage repair maintenance engineer technician install",
    "complaint": "reklam beschwer kulan umtausch complain refund apolog",
    "invoice": "rechnung falsch.geliefer bestell abrechnung mahnung gutschrift invoice billing bill order",
    "range": "sortiment auswahl angebot produktpalette range selection choice assortment",
}
_PATTERNS = {
    group: re.compile("|".join(rf"\b{re.escape(stem).replace(re.escape('.'), '[^a-z0-9]+')}" for stem in stems.split()))
    for group, stems in _STEMS.items()
}


def words_and_groups(reason: str) -> dict[str, str]:
    """Columns of an answer: its words, and the groups they name between blanks, so that one is found by " price "."""
    return {"reason": reason, "reason_groups": f" {' '.join(groups_of(reason))} "}


def groups_of(reason: str) -> tuple[str, ...]:
    """The groups that the words of an answer name; ("other",) for words of no group, ("none",) for no words."""
    folded = without_accents(reason)
    if not folded.strip():
        return ("none",)
    return tuple(group for group, pattern in _PATTERNS.items() if pattern.search(folded)) or ("other",)
