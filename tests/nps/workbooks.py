"""Reading a workbook that was written: the values as the file holds them."""

from pathlib import Path

import python_calamine as calamine

from nps.figures import WaveFigures

RESULTS = ("B19", "B20", "B21", "B22", "B24", "B25", "B26", "B27", "B29")
"""Where the evaluation holds what `results_of` lists."""


def results_of(figures: WaveFigures) -> list[float]:
    """Groups, n, score, standard error, range, and no entry that cannot be read."""
    tally, span = figures.tally, figures.interval
    found = [tally.promoters, tally.passives, tally.detractors, tally.n, figures.score, figures.standard_error, span.low, span.high, 0]
    return [float(one) for one in found]


def stored(path: Path, sheet: str) -> list[list]:
    """The values as the file holds them, for viewers that calculate nothing."""
    return calamine.load_workbook(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def cell(rows: list[list], name: str) -> object:
    return rows[int(name[1:]) - 1][ord(name[0]) - ord("A")]
