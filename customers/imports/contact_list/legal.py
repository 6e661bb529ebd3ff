"""What a list says about the legal basis of a channel. Only two things are kept: a consent, and an objection.

That somebody is an existing customer is never imported but derived from his orders (domain guide U-5).
"""

import re

from customers.imports.cells import CellError, Noted, folded, shown
from customers.imports.days import day

CONSENT, OBJECTION, NOTHING = "consent", "objection", ""

_STARTS = {
    CONSENT: ("einwilligung", "optin", "doubleoptin", "doi", "consent", "einverstanden"),
    OBJECTION: ("widerspruch", "widersprochen", "gesperrt", "werbesperre", "keinewerbung", "optout", "objection", "nein", "no", "verboten"),
    NOTHING: ("bestandskunde", "vertrag", "berechtigtesinteresse", "7", "existingcustomer", "anfrage", "keine", "offen", "unbekannt"),
}
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d{2}-\d{2}")


def basis(typed: str) -> "str | Noted":
    """Consent, objection or nothing; a text that says neither is told of and enters nothing."""
    word = folded(typed)
    if not word:
        return NOTHING
    for meaning, starts in _STARTS.items():
        if word.startswith(starts):
            return meaning
    return Noted(NOTHING, "unclear_legal_basis", value=shown(typed))


def granted_on(typed: str) -> str | None:
    """The day a text like "Einwilligung vom 03.11.2024" names."""
    found = _DATE.search(typed)
    try:
        return day(found[0]) if found else None
    except CellError:
        return None
