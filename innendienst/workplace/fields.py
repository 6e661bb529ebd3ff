"""Form fields for what people give in an office: dates, amounts, notes, files. Each refusal says what was read and what is expected."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _, gettext_lazy

from innendienst.base import files
from innendienst.lib import display
from innendienst.lib.typed import NoSuchDay, NotTyped, TooLarge, parse_amount, parse_date

NOTE_LENGTH_MOST = 10_000
FURTHEST = dt.timedelta(days=10 * 365)
_FILE_TEXTS = {
    "empty": gettext_lazy("File: it is empty. Choose it again as PDF, PNG or JPEG."),
    "too_large": gettext_lazy("File: it is larger than 10 MB. Save it smaller and choose it again."),
    "kind": gettext_lazy("File: only PDF, PNG and JPEG are kept. Save it as PDF and choose it again."),
}
_UNREADABLE = "\ufffd"  # what Django leaves of bytes that are no text


class DayField(forms.CharField):
    """A day in any spelling of typed.py, past ones too."""

    def __init__(self, *, label: str = gettext_lazy("Date"), **options) -> None:
        super().__init__(label=label, **options)

    def clean(self, value: str) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        today = timezone.localdate()
        try:
            day = parse_date(text, today)
        except NoSuchDay:
            raise ValidationError(_("%(field)s: there is no “%(text)s”.") % {"field": self.label, "text": text[:40]}) from None
        except NotTyped:
            facts = {"field": self.label, "text": text[:40]}
            raise ValidationError(_("%(field)s: “%(text)s” is no date (expected: 31.12.2026, +7 or today).") % facts) from None
        self.check_day(day, today)
        return day

    def check_day(self, day: dt.date, today: dt.date) -> None:
        """Refuse what may not be entered here."""


class ComingDayField(DayField):
    """A day from today on."""

    default_error_messages = {"required": gettext_lazy("Date: choose a day.")}

    def check_day(self, day: dt.date, today: dt.date) -> None:
        facts = {"field": self.label, "day": display.date(day)}
        if day < today:
            raise ValidationError(_("%(field)s: %(day)s lies in the past.") % facts)
        if day > today + FURTHEST:
            raise ValidationError(_("%(field)s: %(day)s lies too far ahead.") % facts)


class PastDayField(DayField):
    """A day up to today; empty is today."""

    def clean(self, value: str) -> dt.date:
        return super().clean(value) or timezone.localdate()

    def check_day(self, day: dt.date, today: dt.date) -> None:
        if day > today:
            raise ValidationError(_("%(field)s: it lies ahead. Enter it once it has happened.") % {"field": self.label})


def too_large(label: str, text: str) -> str:
    """What is said of an amount with a digit too many."""
    return _("%(field)s: “%(text)s” is too large (less than a thousand million € is possible).") % {"field": label, "text": text[:40]}


class AmountField(forms.CharField):
    """Net euros above 0, typed as the language writes them."""

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_amount(text, get_format("DECIMAL_SEPARATOR"))
        except TooLarge:
            raise ValidationError(too_large(_("Amount"), text)) from None
        except NotTyped:
            facts = {"text": text[:40], "example": number_format(Decimal("1234.56"), 2, force_grouping=True)}
            raise ValidationError(_("Amount: “%(text)s” is no amount (expected: %(example)s).") % facts) from None
        if amount <= 0:
            raise ValidationError(_("Amount: an order needs more than 0 €."))
        return amount


class PlainTextField(forms.CharField):
    """Text that people type, of limited length; characters that cannot be stored or read again are refused."""

    def __init__(self, *, label: str, length_most: int, **options) -> None:
        super().__init__(label=label, required=False, **options)
        self.length_most = length_most

    def to_python(self, value: str) -> str:
        text = super().to_python(value).replace("\r\n", "\n")
        if len(text) > self.length_most:
            facts = {"field": self.label, "length": display.number(len(text)), "most": display.number(self.length_most)}
            raise ValidationError(_("%(field)s: %(length)s characters, at most %(most)s are possible.") % facts)
        if _UNREADABLE in text or "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            facts = {"field": self.label, "sign": _UNREADABLE}
            raise ValidationError(_("%(field)s: one character cannot be stored (%(sign)s). Delete it and save again.") % facts)
        return text


class KeptFileField(forms.FileField):
    """A file of a kind that is kept (innendienst/base/files.py)."""

    def __init__(self, **options) -> None:
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            try:
                files.check(file)
            except files.FileRefused as refused:
                raise ValidationError(_FILE_TEXTS[refused.code]) from refused
        return file


class MessagesMixin:
    @property
    def messages(self) -> list[str]:
        """Every refusal once, in the order of the fields."""
        return list(dict.fromkeys(text for texts in self.errors.values() for text in texts))
