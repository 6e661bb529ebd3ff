"""Form fields for what people type in an office: dates, amounts, notes. Each refusal says what was read and what is expected."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _, gettext_lazy

from innendienst.lib import display
from innendienst.lib.typed import NoSuchDay, NotTyped, parse_amount, parse_date

NOTE_LENGTH_MOST = 10_000
FURTHEST = dt.timedelta(days=10 * 365)
_UNREADABLE = "\ufffd"  # what Django leaves of bytes that are no text


class ComingDayField(forms.CharField):
    """A day from today on, typed in any spelling of typed.py."""

    default_error_messages = {"required": gettext_lazy("Date: choose a day.")}

    def clean(self, value: str) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        today = timezone.localdate()
        try:
            day = parse_date(text, today)
        except NoSuchDay:
            raise ValidationError(_("Date: there is no “%(text)s”.") % {"text": text[:40]}) from None
        except NotTyped:
            raise ValidationError(_("Date: “%(text)s” is no date (expected: 31.12.2026, +7 or today).") % {"text": text[:40]}) from None
        if day < today:
            raise ValidationError(_("Date: %(day)s lies in the past.") % {"day": display.date(day)})
        if day > today + FURTHEST:
            raise ValidationError(_("Date: %(day)s lies too far ahead.") % {"day": display.date(day)})
        return day


class AmountField(forms.CharField):
    """Net euros above 0, typed as the language writes them."""

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_amount(text, get_format("DECIMAL_SEPARATOR"))
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
