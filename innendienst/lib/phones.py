"""Phone numbers: any German spelling in, E.164 for the machine and DIN 5008 for the eye."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

_EXTENSION = re.compile(r"[-–]\s*(\d{1,5})\s*$")


@dataclass(frozen=True)
class Phone:
    """A number as typed, as machines dial it ("" when it cannot be read), and the length of its extension (0 = none)."""

    raw: str
    e164: str
    extension_digits: int


def parse(raw: str, region: str = "DE") -> Phone:
    """Read (0711) 12345/67, +49 (0)711 12345-67, 0049711…; what cannot be a number keeps an empty `e164`."""
    raw = raw.strip()
    spelled = re.sub(r"(\+\d{1,3}|^00\d{1,3})\s*\(0\)", r"\1 ", raw)
    try:
        number = phonenumbers.parse(spelled, region)
    except phonenumbers.NumberParseException:
        return Phone(raw, "", 0)
    has_prefix = spelled.lstrip("(").startswith(("0", "+"))
    is_whole = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not is_whole or not has_prefix:
        # Without its leading zero a German number is a question for a person, never a guess.
        return Phone(raw, "", 0)
    extension = _EXTENSION.search(spelled)
    return Phone(raw, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), len(extension[1]) if extension else 0)


@lru_cache(maxsize=20_000)
def display(e164: str, extension_digits: int, raw: str = "", home: str = "DE") -> str:
    """DIN 5008: "0711 12345-67", abroad "+43 1 123456"; the typed text where the number could not be read."""
    if not e164:
        return raw
    number = phonenumbers.parse(e164)
    national = phonenumbers.national_significant_number(number)
    area_length = phonenumbers.length_of_geographical_area_code(number) or phonenumbers.length_of_national_destination_code(number)
    area, rest = national[:area_length], national[area_length:]
    if 0 < extension_digits < len(rest):
        rest = f"{rest[:-extension_digits]}-{rest[-extension_digits:]}"
    is_home = number.country_code == phonenumbers.country_code_for_region(home)
    prefix = "0" if is_home else f"+{number.country_code} "
    return f"{prefix}{area} {rest}" if area else f"{prefix}{rest}"


def search_digits(text: str) -> str:
    """The digits by which a typed number is found: E.164 without +, else the bare digits; "" for a text without any."""
    return parse(text).e164.lstrip("+") or re.sub(r"\D", "", text)
