"""Words of articles that nobody is called about: freight, packaging, deposits, fees, discounts."""

import re

from innendienst.lib.folding import search_words

_WHOLE = frozenset(
    search_words(
        "Fracht Frachtkosten Versand Versandkosten Porto Portokosten Verpackung Verpackungskosten Pfand Gebühr Gebühren Rabatt Skonto "
        "Bonus Nachlass Gutschrift Zuschlag Maut Lieferkosten Anfahrt Anfahrtspauschale Transportkosten Rundung Mahngebühr "
        "Bearbeitungsgebühr Versandpauschale Kaution Leergut Textzeile Zwischensumme "
        "freight shipping postage carriage packaging handling deposit fee fees charge charges discount rebate surcharge commission "
        "voucher adjustment adjust"
    )
)
_PARTS = re.compile(
    "fracht|rabatt|zuschlag$|pfand$|skonto|gebuhr(en)?$"
    "|(verpackung|versand|transport|liefer|porto|maut|energie|diesel|treibstoff|logistik|mindermeng|kleinmeng|mindestmeng)[a-z]*"
    "(kosten|pauschale|anteil)$"
)
"""Whole compounds only: Versandtasche and Verpackungsfolie are goods."""


def is_never_offered(name: str) -> bool:
    """Whether the name of an article says so; a person can decide otherwise afterwards."""
    return any(word in _WHOLE or _PARTS.search(word) for word in search_words(name))
