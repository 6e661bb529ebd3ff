"""When two customer numbers look like one company: imports ask by this rule, and the list of likely duplicates is found by it.

Both are reached at the same place (the same postcode, and the same phone or e-mail), and they are called the same once umlauts,
legal forms and signs are folded. The place is compared by the database, set-wise; the names of those few by `is_same_name`.
"""

from innendienst.lib.folding import search_words

REACHED_AT = {"phone_e164": "{row}.phone_e164", "email": "LOWER({row}.email)"}
"""Column → SQL of how it is compared; one of them has to be the same."""


def same_place(field: str, one: str, other: str) -> str:
    """SQL condition on two rows of customers, by their aliases."""
    reached = REACHED_AT[field]
    return f"{one}.postcode = {other}.postcode AND {reached.format(row=one)} = {reached.format(row=other)}"


def is_same_name(one: str, other: str) -> bool:
    return search_words(one) == search_words(other)
