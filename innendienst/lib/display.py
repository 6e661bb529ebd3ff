"""How figures and days are written for a reader: in the active language, with no-break spaces and a real minus.

Whoever writes hundreds of them asks for the language once and hands it over: Django takes longer to say which one is active
than to write a number.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import formats, translation
from django.utils.translation import gettext, ngettext

from innendienst.lib.dates import DAYS_PER_MONTH

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
UNKNOWN = "\N{EN DASH}"
MONTHS_FROM_DAYS = 60
YEARS_FROM_MONTHS = 24


def number(value: Decimal | int, decimals: int = 0, language: str | None = None) -> str:
    """`value` with grouped thousands, rounded half away from zero: "−1.234,5"."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    # Django's number_format takes ten times as long, and a list of fifty customers writes two hundred numbers.
    written = f"{abs(rounded):,f}".translate(_marks(language or translation.get_language()))
    return f"{MINUS}{written}" if rounded < 0 else written


def euros(amount: Decimal | int | None, decimals: int = 0, language: str | None = None) -> str:
    """ "1.234 €"; "–" for an unknown amount."""
    return UNKNOWN if amount is None else f"{number(amount, decimals, language)}{NBSP}€"


def quantity(value: Decimal | str, unit: str = "") -> str:
    """A quantity without the zeros its column adds: "12 Kanister", "2,5 kg", without a unit "12"."""
    exact = Decimal(value).normalize()
    written = number(exact, decimals=max(0, -int(exact.as_tuple().exponent)))
    return f"{written} {unit}".strip()


def date(day: dt.date) -> str:
    """ "30.11.2026" in German, "30 Nov 2026" in English, where figures alone could be misread."""
    if _is_german():
        return f"{day:%d.%m.%Y}"
    return NBSP.join((str(day.day), formats.date_format(day, "M"), str(day.year)))


def day_month(day: dt.date) -> str:
    """A day whose year goes without saying: "30.11.", "30 Nov"."""
    return f"{day:%d.%m.}" if _is_german() else NBSP.join((str(day.day), formats.date_format(day, "M")))


def weekday(day: dt.date) -> str:
    """ "Mo", "Mon"."""
    return formats.date_format(day, "D").rstrip(".")


def due(day: dt.date) -> str:
    """The day with its weekday, as a follow-up is announced: "Mo 30.11.2026"."""
    return f"{weekday(day)}{NBSP}{date(day)}"


def ago(day: dt.date, today: dt.date, language: str | None = None) -> str:
    """ "heute", "gestern", "vor 38 Tagen", "vor 5 Monaten", "vor 2 Jahren"; a day to come is written as a date."""
    days = (today - day).days
    return date(day) if days < 0 else _days_ago(days, language or translation.get_language())


@lru_cache(maxsize=4_000)
def _days_ago(days: int, _language: str | None) -> str:
    """The same few ages stand in every list."""
    if days < 2:
        return gettext("yesterday") if days else gettext("today")
    unit, count = _span(days)
    if unit == "day":
        return ngettext("%(count)s day ago", "%(count)s days ago", count) % {"count": count}
    if unit == "month":
        return ngettext("%(count)s month ago", "%(count)s months ago", count) % {"count": count}
    return ngettext("%(count)s year ago", "%(count)s years ago", count) % {"count": count}


def since(day: dt.date, today: dt.date) -> str:
    """ "seit heute", "seit gestern", "seit 38 Tagen", "seit 5 Monaten"; a day to come is written as a date."""
    days = (today - day).days
    if days < 0:
        return gettext("from %(date)s") % {"date": date(day)}
    if days < 2:
        return gettext("since yesterday") if days else gettext("since today")
    unit, count = _span(days)
    if unit == "day":
        return ngettext("for %(count)s day", "for %(count)s days", count) % {"count": count}
    if unit == "month":
        return ngettext("for %(count)s month", "for %(count)s months", count) % {"count": count}
    return ngettext("for %(count)s year", "for %(count)s years", count) % {"count": count}


@lru_cache(maxsize=8)
def _marks(language: str | None) -> dict[int, str]:
    """How the language groups thousands and marks decimals, as a translation of Python's own marks."""
    separators = (formats.get_format(name, language) for name in ("THOUSAND_SEPARATOR", "DECIMAL_SEPARATOR"))
    return str.maketrans(dict(zip(",.", separators, strict=True)))


def _span(days: int) -> tuple[str, int]:
    """Days below 60, else whole months (to the nearest) below 24, else full years."""
    if days < MONTHS_FROM_DAYS:
        return "day", days
    months = round(days / DAYS_PER_MONTH)
    return ("month", months) if months < YEARS_FROM_MONTHS else ("year", months // 12)


def _is_german() -> bool:
    return (translation.get_language() or "de").startswith("de")
