"""Folding words so that Müller, Mueller and MULLER meet in one search, and Ä sorts with A.

Both sides, the stored words and the typed ones, go through the same functions.
"""

import re
import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae", "đ": "d", "ı": "i"})
_UMLAUT_SPELLINGS = re.compile("ae|oe|ue")
_WORD = re.compile("[a-z0-9]+")
_NUMBER_LENGTH_MOST = 12
# What follows the name and says nothing about it. "und" and "co" go with "GmbH & Co. KG".
_LEGAL_FORMS = frozenset(
    [
        "gmbh",
        "ggmbh",
        "mbh",
        "ag",
        "kg",
        "kgaa",
        "ohg",
        "gbr",
        "ug",
        "ek",
        "eg",
        "ev",
        "se",
        "co",
        "und",
        "inc",
        "ltd",
        "plc",
        "sa",
        "srl",
        "bv",
        "haftungsbeschrankt",
        "haftungsbeschraenkt",
    ]
)
_ADDRESSES = frozenset(["herr", "herrn", "frau", "dr", "prof", "mr", "mrs", "ms"])


def without_accents(text: str) -> str:
    """Lower case, ß as ss, letters without their marks: "Größe" becomes "grosse"."""
    lowered = text.translate(_LETTERS).lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def sort_key(text: str) -> str:
    """The text as DIN 5007-1 sorts it: ä as a, ß as ss, case ignored; at most 120 characters."""
    return without_accents(text).strip()[:120]


def search_words(text: str) -> list[str]:
    """The folded words of a text in their order, legal forms dropped: "Müller & Söhne GmbH" → ["muller", "sohne"].

    ae, oe, ue become a, o, u after the accents fell, so "Mueller" folds to the same word. A text of legal forms only
    keeps them, so that nobody becomes unfindable.
    """
    folded = _UMLAUT_SPELLINGS.sub(lambda match: match.group()[0], without_accents(text.replace("e. K.", "eK").replace("e.K.", "eK")))
    words = _WORD.findall(folded)
    return [word for word in words if word not in _LEGAL_FORMS] or words


def typed_words(text: str) -> list[str]:
    """The folded words of what somebody typed to find a person or a company: "Herr Dr. Voß" → ["voss"], "Frau" → ["frau"].

    How somebody is addressed is no part of the stored words; where nothing else was typed, it may be a name all the same.
    """
    words = search_words(text)
    return [word for word in words if word not in _ADDRESSES] or words


def business_key(text: str) -> str:
    """A business number as it is compared: outer blanks and case ignored, leading zeros kept ("000123" ≠ "123")."""
    return text.strip().casefold()


def typed_keys(text: str) -> list[str]:
    """The business keys that somebody may mean who types a number: "106" is 106, 0106, … up to twelve digits."""
    key = business_key(text)
    return [key, *(key.zfill(length) for length in range(len(key) + 1, _NUMBER_LENGTH_MOST + 1))] if key.isdecimal() else [key]
