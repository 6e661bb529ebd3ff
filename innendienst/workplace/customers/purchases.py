"""What a customer buys, in finished texts: the picture of his months, his habits per product, his orders."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, gettext_lazy

from campaigns.sentences import rhythm_text
from customers.bands import Band
from customers.buying import Bought
from customers.picture import Bar, draw
from innendienst.lib import display
from innendienst.workplace.chips import Chip, chips_markup

BAND_CHIPS = {
    Band.IN_RHYTHM: (gettext_lazy("in rhythm"), "good"),
    Band.DUE: (gettext_lazy("due"), "due"),
    Band.OVERDUE: (gettext_lazy("overdue"), "due"),
    Band.LOST: (gettext_lazy("lost?"), "bad"),
}


class Habit(NamedTuple):
    """How one product is bought; `state` says how far the customer is behind, nothing without a rhythm."""

    name: str
    sku: str
    revenue: str
    rhythm: str
    last: str
    state: SafeString


class MonthBar(NamedTuple):
    """One month of the picture: the bar's place and look, and what it stands for."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    look: str
    short: str
    label: str
    long: str
    revenue: str


class MonthsPicture(NamedTuple):
    """The picture of the months: `bars` that are to be drawn, those with a name beneath, and all of them, youngest first."""

    zero: int
    is_empty: bool
    bars: list[MonthBar]
    named: list[MonthBar]
    months: list[MonthBar]


def habits(products: Iterable[Bought]) -> list[Habit]:
    today = timezone.localdate()
    return [_habit(product, today) for product in products]


def months_picture(months: Sequence[tuple[dt.date, Decimal]]) -> MonthsPicture:
    """Months in their order with their revenue."""
    drawn, language = draw(months), get_language()
    bars = [_month_bar(bar, *_names_of(bar.month, language)) for bar in drawn.bars]
    named = [shown for shown, bar in zip(bars, drawn.bars, strict=True) if bar.has_label]
    return MonthsPicture(drawn.zero, drawn.is_empty, [bar for bar in bars if bar.height], named, bars[::-1])


def _habit(product: Bought, today: dt.date) -> Habit:
    kept = product.rhythm
    return Habit(
        name=product.product_name,
        sku=product.sku,
        revenue=display.euros(product.revenue_12m),
        rhythm=_rhythm(product) if kept else display.UNKNOWN,
        last=display.ago(kept.last_on, today) if kept and kept.last_on else display.UNKNOWN,
        state=chips_markup((_band_chip(product.band, get_language()),)) if product.band else SafeString(),
    )


def _rhythm(product: Bought) -> str:
    """ "etwa alle 30 Tage, meist 12 Kartons"."""
    kept = product.rhythm
    usual = _("usually %(quantity)s") % {"quantity": display.quantity(kept.usual_quantity, product.unit)}
    return f"{rhythm_text(kept.median_gap_days)}, {usual}" if kept.median_gap_days else usual


@lru_cache(maxsize=50)
def _band_chip(band: Band, _language: str | None) -> Chip:
    label, tone = BAND_CHIPS[band]
    return Chip(str(label), tone)


def _month_bar(bar: Bar, short: str, label: str, long: str) -> MonthBar:
    look = (" bar--recent" if bar.is_recent else "") + (" bar--below" if bar.revenue < 0 else "")
    return MonthBar(bar.x, bar.y, bar.width, bar.height, bar.middle, look, short, label, long, display.euros(bar.revenue))


@lru_cache(maxsize=500)
def _names_of(month: dt.date, _language: str | None) -> tuple[str, str, str]:
    """ "Nov. 2026", "11/26", "November 2026"."""
    return date_format(month, "M Y"), f"{month:%m/%y}", date_format(month, "F Y")
