"""What a cell means. Plain functions: raw cell in, stored value out; a cell that cannot be read raises CellError.

A raw cell is text (CSV) or what a workbook holds: text, float, date, datetime, time, or a Flaw. Blank cells become "" (text)
or None (everything else). Numbers and dates come out as the text that both databases read.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from customers.imports.files.basics import Flaw
from innendienst.lib import phones
from innendienst.lib.folding import without_accents

VALUE_SHOWN_MOST = 60

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
# Zero width (the joiners of emoji and Persian stay), direction overrides, byte order marks.
_SIGNS = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
_CONTROLS = re.compile(f"[{_CONTROL}]|_x00(?:0[0-8BCEF]|1[0-9A-F]|7F)_", re.IGNORECASE)
_INVISIBLE = re.compile(f"{_CONTROLS.pattern}|[{_SIGNS}]", re.IGNORECASE)
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")
_NO_WORD = re.compile("[^a-z0-9]")
_UMLAUT_SPELLING = re.compile("([aou])e")
_POSTCODE_DIGITS = {"DE": 5, "AT": 4, "CH": 4, "LI": 4}
_YES = frozenset(["ja", "j", "x", "1", "wahr", "yes", "y", "true", "gesperrt"])
_NO = frozenset(["nein", "n", "0", "falsch", "no", "false"])


class CellError(ValueError):
    """A cell that cannot be read; `code` and `params` choose the sentence (messages.py)."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Noted:
    """A value that was read, with something to say about it."""

    def __init__(self, value: object, code: str, /, **params: object) -> None:
        self.value, self.code, self.params = value, code, params


@dataclass(frozen=True)
class Words:
    """Words and what they stand for, compared without case, accents and signs; `examples` is one word for each meaning."""

    meanings: Mapping[str, object]
    examples: tuple[str, ...]

    @classmethod
    def of(cls, spellings: Mapping[object, str]) -> "Words":
        """From meaning → its words, the best one first; `_` stands for a blank."""
        meanings = {folded(word): meaning for meaning, words in spellings.items() for word in words.split()}
        return cls(meanings, tuple(words.split()[0].replace("_", " ") for words in spellings.values()))


def shown(raw: object, longest: int = VALUE_SHOWN_MOST) -> str:
    """The cell as a message may quote it: one short line without invisible characters."""
    line = "" if isinstance(raw, Flaw) else " ".join(_INVISIBLE.sub("", str(raw)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def words(raw: object) -> str:
    """The cell's text: NFC, outer blanks and invisible characters off, a whole number without ".0"."""
    if isinstance(raw, str):
        return raw.strip() if _is_plain(raw) else _cleaned(raw)
    if isinstance(raw, Flaw):
        raise CellError(raw.value)
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, dt.date):
        return f"{raw:%d.%m.%Y}"
    return str(raw)


def text(raw: object, longest: int) -> "str | Noted":
    """Text as it stands; more than `longest` characters cannot be kept."""
    value = words(raw)
    if len(value) > longest:
        raise CellError("too_long", value=shown(value), length=len(value), most=longest)
    if isinstance(raw, str) and not _is_plain(raw) and _INVISIBLE.search(raw):
        return Noted(value, "invisible_characters", value=shown(value))
    return value


def number_text(raw: object, longest: int) -> "str | Noted":
    """A business number: text with all its zeros. Excel's 1,23457E+11 has lost its digits for good."""
    value = text(raw, longest)
    if isinstance(value, str):
        refuse_shortened(value)
    elif _CONTROLS.search(str(raw)):
        raise CellError("control_characters", value=value.params["value"])
    return value


def phone(raw: object, longest: int = 60) -> "str | Noted":
    """A phone number as typed; "keine" or "siehe Notiz" is kept and pointed out, since nobody can dial it."""
    value = text(raw, longest)
    if isinstance(value, str):
        refuse_shortened(value)
        if value and not any(character.isdigit() for character in value):
            return Noted(value, "not_a_phone", value=shown(value))
    return value


@lru_cache(maxsize=20_000)
def dialled(raw: str, region: str = "DE") -> phones.Phone:
    """How machines dial it, and how long its extension is; reading that is slow, and both are asked for."""
    return phones.parse(raw, region)


def refuse_shortened(value: str) -> None:
    if "e" in value.lower() and _SHORTENED.fullmatch(value):
        raise CellError("digits_gone")


def email(raw: object) -> str:
    value = words(raw).removeprefix("mailto:")
    if value and (len(value) > 254 or not _EMAIL.fullmatch(value)):
        raise CellError("not_an_email", value=shown(value))
    return value


def flag(raw: object) -> bool:
    """Yes or no; a blank cell says no."""
    word = words(raw).lower()
    if word in _YES:
        return True
    if word and word not in _NO:
        raise CellError("not_a_flag", value=shown(word))
    return False


def one_of(raw: object, known: Words, blank: object) -> object:
    """What a known word stands for; `blank` for an empty cell."""
    typed = words(raw)
    if not typed:
        return blank
    found = known.meanings.get(folded(typed))
    if found is None:
        raise CellError("unknown_word", value=shown(typed), known=list(known.examples))
    return found


def folded(word: str) -> str:
    """A word as it is compared: "Kd.-Nr." and "KDNR", "Zuständig" and "zustaendig" are one."""
    return _UMLAUT_SPELLING.sub(r"\1", _NO_WORD.sub("", without_accents(word)))


def postcode(raw: object, country: str = "DE") -> "str | Noted":
    """German ones have 5 digits: one that lost its leading zero gets it back, with a note. "D-01067" is 01067."""
    typed = words(raw)
    value = typed.upper().removeprefix(f"{country}-").removeprefix("D-")
    digits = _POSTCODE_DIGITS.get(country)
    if not value or digits is None:
        return text(raw, 10)
    if country == "DE" and len(value) == 4 and value.isascii() and value.isdigit():
        return Noted(f"0{value}", "postcode_zero", value=value, now=f"0{value}")
    if len(value) != digits or not (value.isascii() and value.isdigit()):
        raise CellError("not_a_postcode", value=shown(typed), digits=digits)
    return value


def _is_plain(raw: str) -> bool:
    """True for nearly every cell: nothing in it needs cleaning."""
    return raw.isascii() and raw.isprintable() and "_x" not in raw


def _cleaned(raw: str) -> str:
    if "\0" in raw:
        raise CellError("control_characters", value=shown(raw))
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", raw))).strip()
