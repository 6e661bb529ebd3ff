"""One measured figure, and the line that says how it stands to its goal."""

import datetime as dt
import os
import platform
from dataclasses import dataclass
from pathlib import Path

_WIDTH = 46


@dataclass(frozen=True)
class Figure:
    """`figure` and `floor` are in `unit`. The goal is the most that `ratio` may be, or `figure` itself where there is no floor.

    Without a goal the figure is told for orientation only.
    """

    name: str
    figure: float
    floor: float | None
    ratio: float | None
    goal: float | None
    unit: str

    @property
    def is_met(self) -> bool:
        compared = self.figure if self.ratio is None else self.ratio
        return self.goal is None or round(compared, 2) <= self.goal

    def __str__(self) -> str:
        measured = f"{self.name:<{_WIDTH}} {_number(self.figure):>9} {self.unit:<8}"
        floor = f"floor {_number(self.floor):>9}" if self.floor is not None else " " * 15
        ratio = f"ratio {self.ratio:6.2f}" if self.ratio is not None else " " * 12
        if self.goal is None:
            return f"{measured} {floor}  {ratio}".rstrip()
        return f"{measured} {floor}  {ratio}  goal ≤ {self.goal:<5g} {'met' if self.is_met else 'NOT MET'}"


def compared(name: str, figure: float, floor: float, goal: float | None, unit: str) -> Figure:
    """A figure with its ratio to a floor of the same run."""
    return Figure(name, figure, floor, figure / floor, goal, unit)


def machine() -> str:
    """The machine in one line, without its name: processor, cores, memory, system, Python, day."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return (
        f"machine: {_processor()}, {os.cpu_count()} cores, {pages * size / 2**30:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {dt.datetime.now(dt.UTC):%Y-%m-%d}"
    )


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.2f}"
