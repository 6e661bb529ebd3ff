"""How scores are written: with their sign and a real minus, rounded half away from zero."""

from fractions import Fraction

from django import template

from innendienst.lib import display
from nps.figures import rounded

register = template.Library()


@register.filter
def points(value: Fraction | float | None, places: int = 0) -> str:
    """ "+25", "0", "−8"; "–" without a value."""
    exact = rounded(value, places)
    if exact is None:
        return display.UNKNOWN
    written = display.number(exact, places)
    return f"+{written}" if exact > 0 else written.lstrip(display.MINUS) if exact == 0 else written


@register.filter
def share(part: int, whole: int) -> str:
    """ "45,0 %"; "–" of nothing."""
    return percent(Fraction(part, whole) if whole else None)


@register.filter
def percent(ratio: Fraction | None) -> str:
    """A ratio 0..1 as "41,4 %"."""
    return display.UNKNOWN if ratio is None else f"{display.number(rounded(ratio * 100, 1) or 0, 1)}{display.NBSP}%"


@register.filter
def svg(value: float) -> str:
    """A coordinate: with a point, whatever the language."""
    return f"{value:.1f}"
