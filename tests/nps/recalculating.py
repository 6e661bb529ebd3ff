"""A workbook calculated anew from its formulas alone: by LibreOffice where it is installed, else by the package `formulas`."""

import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import python_calamine as calamine

_OFFICE = shutil.which("soffice")
_SECONDS_MOST = 120
_ALWAYS_ANEW = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Without it LibreOffice shows the values that the file brings along."""


@cache
def engine() -> str:
    """Who calculates here: "LibreOffice 7.4.7.2", else "formulas 1.3.0"."""
    if not _OFFICE:
        return f"formulas {version('formulas')}"
    said = subprocess.run([_OFFICE, "--version"], capture_output=True, text=True, check=True, timeout=_SECONDS_MOST).stdout
    return " ".join(said.split()[:2])


def has_office() -> bool:
    return bool(_OFFICE)


def saved_by_office(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after calculating everything anew."""
    _save_by_office([path], folder)
    return folder / path.name


def _save_by_office(paths: Sequence[Path], folder: Path) -> None:
    profile = _profile()
    command = [_OFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*command, "--outdir", str(folder), *map(str, paths)], capture_output=True, check=True, timeout=_SECONDS_MOST)


def recalculated(*paths: Path) -> list[dict[str, object]]:
    """SHEET!cell → value of each workbook; their names differ. Starting LibreOffice takes seconds, another workbook hardly more."""
    return _by_office(paths) if _OFFICE else [_by_formulas(path) for path in paths]


@cache
def _profile() -> Path:
    """A profile of our own, one per process: two that start at once would wait for each other."""
    folder = Path(tempfile.mkdtemp(prefix="office-"))
    settings = folder / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_ALWAYS_ANEW, encoding="utf-8")
    return folder


def _by_office(paths: Sequence[Path]) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        _save_by_office(paths, Path(folder))
        return [_cells(Path(folder) / path.name) for path in paths]


def _cells(path: Path) -> dict[str, object]:
    book = calamine.load_workbook(path)
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return {
        f"{name.upper()}!{_letters(column)}{row}": value
        for name, rows in sheets.items()
        for row, cells in enumerate(rows, start=1)
        for column, value in enumerate(cells)
    }


def _letters(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"A{chr(ord('A') + column - 26)}"


def _by_formulas(path: Path) -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import formulas

        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    values = {}
    for key, found in solution.items():
        if match := re.fullmatch(r"'\[.*\](.+)'!([A-Z]+\d+)", str(key)):
            values[f"{match[1].upper()}!{match[2]}"] = found.value[0, 0]
    return values
