"""Lists of the dashboard as finished texts, for the template tag `rows`: forty surveys and their tables are filled in, not put together.

Coordinates are those of drawing.py, written with a point whatever the language.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from innendienst.lib import display
from innendienst.lib.certainty import Z95
from nps.drawing import Bar, Grid, Point
from nps.figures import Cell, rounded
from nps.models import SurveyWave
from nps.statistics import SHOWN_FROM, Interval
from nps.templatetags.nps import points, share, svg
from nps.trend import Step

_CHOSEN = SafeString(' aria-current="page"')


@dataclass(frozen=True)
class Link:
    """Something to choose; `current` marks what is shown."""

    href: str
    name: str
    current: str


@dataclass(frozen=True)
class GridLine:
    y: str
    score: str


@dataclass(frozen=True)
class Joint:
    """The line from one survey to the next."""

    from_x: str
    from_y: str
    to_x: str
    to_y: str


@dataclass(frozen=True)
class Dot:
    """A survey in the chart: its score, its range and its month."""

    x: str
    y: str
    low: str
    high: str
    score: str
    month: str


@dataclass(frozen=True)
class StepRow:
    """A survey in the table beneath."""

    name: str
    scale: str
    href: str
    n: str
    score: str
    span: str
    change: str
    year: str
    """"" where surveys of its kind have no such value."""


@dataclass(frozen=True)
class CellRow:
    """One value of a breakdown. `n` leads to its answers; where its figures are hidden, `note` says why."""

    name: str
    note: SafeString
    n: SafeString
    score: str
    span: str
    promoters: str
    detractors: str


@dataclass(frozen=True)
class WeightedRow:
    """The same value by its second figure, unknown where it is worth fewer than five equal answers.

    `error` is half the range in which it lies with 95 % certainty, "" where nothing can be said: all weighed answers are alike.
    """

    name: str
    score: str
    weighted: str
    error: str
    effective_n: str


@dataclass(frozen=True)
class RatingRow:
    """A rating as a bar and as a line of the table."""

    rating: str
    group: str
    group_name: str
    href: str
    count: str
    share: str
    x: str
    y: str
    width: str
    height: str
    middle: str


def links(parameter: str, choices: Iterable[tuple[object, object]], chosen: object, address: QueryDict) -> list[Link]:
    """To each (value, name) by this parameter; what else stands in the address stays there."""
    kept = address.copy()
    kept.pop(parameter, None)
    rest = f"&{kept.urlencode()}" if kept else ""
    return [Link(f"?{parameter}={value}{rest}", str(name), _CHOSEN if value == chosen else "") for value, name in choices]


def grid_lines(grid: Sequence[Grid]) -> list[GridLine]:
    return [GridLine(svg(line.y), points(line.points)) for line in grid]


def joints(placed: Sequence[Point]) -> list[Joint]:
    return [Joint(svg(one.joined[0]), svg(one.joined[1]), svg(one.x), svg(one.y)) for one in placed if one.joined]


def dots(placed: Sequence[Point]) -> Iterator[Dot]:
    for one in placed:
        figures = one.step.figures
        month = date_format(figures.wave.starts_on, "m/y")
        yield Dot(svg(one.x), svg(one.y), svg(one.y_low), svg(one.y_high), points(figures.score), month)


def step_rows(steps: Sequence[Step], *, has_years: bool) -> Iterator[StepRow]:
    url = reverse("nps:answers")
    for step in steps:
        figures, wave = step.figures, step.figures.wave
        score, span = (points(figures.score), _span(figures.interval)) if figures.is_shown else (display.UNKNOWN, display.UNKNOWN)
        href = f"{url}?wave={wave.pk}"
        year = points(step.year_score) if has_years else ""
        yield StepRow(wave.name, wave.scale, href, display.number(figures.n), score, span, _change(step), year)


def rating_rows(bars: Sequence[Bar], wave: SurveyWave, n: int) -> Iterator[RatingRow]:
    names = {"promoter": _("Promoter"), "passive": _("Passive"), "detractor": _("Detractor")}
    url = f"{reverse('nps:answers')}?wave={wave.pk}"
    for bar in bars:
        yield RatingRow(
            str(bar.rating), bar.group, names[bar.group], f"{url}&rating={bar.rating}", display.number(bar.count), share(bar.count, n),
            *map(svg, (bar.x, bar.y, bar.width, bar.height, bar.middle)),
        )  # fmt: skip


def cell_rows(cells: Iterable[Cell], wave: SurveyWave, dimension: str) -> Iterator[CellRow]:
    url, unknown = reverse("nps:answers"), display.UNKNOWN
    for cell in cells:
        n, tally = display.number(cell.n), cell.tally
        if tally is None:
            why = _("fewer than 5 answers") if cell.is_too_small else _("hidden, else a smaller one would follow from the total")
            note = format_html('<br><span class="soft small">{}</span>', why)
            yield CellRow(cell.name, note, SafeString(n), unknown, unknown, unknown, unknown)
            continue
        href = f"{url}?{urlencode({'wave': wave.pk, 'by': dimension, 'value': cell.value})}"
        yield CellRow(
            cell.name, SafeString(""), format_html('<a href="{}">{}</a>', href, n), points(cell.score), _span(cell.interval),
            share(tally.promoters, cell.n), share(tally.detractors, cell.n),
        )  # fmt: skip


def weighted_rows(cells: Iterable[Cell]) -> Iterator[WeightedRow]:
    """Of the values whose figures are shown."""
    for cell in cells:
        if cell.tally is None:
            continue
        found = cell.weighted
        if found is None:
            yield WeightedRow(cell.name, points(cell.score), display.UNKNOWN, "", display.UNKNOWN)
            continue
        effective_n = display.number(rounded(found.effective_n) or 0)
        if found.effective_n < SHOWN_FROM:
            yield WeightedRow(cell.name, points(cell.score), display.UNKNOWN, "", effective_n)
            continue
        half_width = rounded(Z95 * found.standard_error)
        error = f" ± {display.number(half_width)}" if half_width else ""
        yield WeightedRow(cell.name, points(cell.score), points(found.score), error, effective_n)


def _span(span: Interval | None) -> str:
    return f"{points(span.low)} … {points(span.high)}" if span else display.UNKNOWN


def _change(step: Step) -> str:
    if step.change:
        verdict = _("proven") if step.change.is_proven else _("not proven")
        return f"{points(step.change.points)}, {verdict}"
    if not step.figures.is_shown:
        return _("fewer than 5 answers")
    return _("another scale") if step.has_new_scale else display.UNKNOWN
