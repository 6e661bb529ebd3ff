"""What was found about a file, for the person who looks before taking it over: character set, header, and each column with samples."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from customers.imports.cells import shown, words
from customers.imports.columns import ListColumns
from customers.imports.days import Style
from customers.imports.files.basics import Flaw
from customers.imports.headings import Header, keys_of
from customers.imports.lists import LISTS
from customers.models import ImportRun

SAMPLE_LENGTH_MOST = 40
_STYLES = {
    Style.GERMAN.value: _("DD.MM.YYYY"),
    Style.GERMAN_SHORT.value: _("DD.MM.YY"),
    Style.ISO.value: _("YYYY-MM-DD"),
    Style.COMPACT.value: _("YYYYMMDD"),
    Style.DAY_FIRST.value: _("DD/MM/YYYY"),
    Style.MONTH_FIRST.value: _("MM/DD/YYYY"),
    Style.EXCEL.value: _("Excel date"),
}


def described(
    about: Mapping[str, str], header: Header, known: ListColumns, styles: Mapping[str, Sequence[str]], samples: Sequence[Sequence[object]]
) -> dict:
    """As kept with the run. `columns` are those of the file, in their order: heading, field, the field's name, styles, samples."""
    fields = {place: field for field, place in header.places.items()}
    names = {one.field: one.headings[0] for one in known.columns}
    columns = [
        {
            "heading": heading,
            "key": key,
            "field": (field := fields.get(index, "")),
            "name": names.get(field, ""),
            "styles": styles.get(field, []),
            "samples": [_sample(row[index]) for row in samples if len(row) > index and row[index] not in ("", None)],
        }
        for index, (heading, key) in enumerate(zip(header.texts, keys_of(header.texts), strict=True))
    ]
    return {**about, "header_row": header.row, "columns": columns}


def columns(run: ImportRun) -> list[dict]:
    """The columns of the file, with the name and the style of each in the reader's language."""
    names = column_names(run)
    return [
        {
            **one,
            "shown_name": names.get(one["field"], ""),
            "shown_style": ", ".join(str(_STYLES.get(style, style)) for style in one.get("styles", [])),
        }
        for one in run.reading.get("columns", [])
    ]


def column_names(run: ImportRun) -> dict[str, str]:
    """Field → what the reader's language calls it, for the columns that the file has."""
    names = {one.field: one.name for one in LISTS[run.kind]().columns.columns}
    return {one["field"]: names.get(one["field"], one["name"]) for one in run.reading.get("columns", []) if one["field"]}


def _sample(cell: object) -> str | float:
    """A cell as it can be shown; a number with decimals is written by whoever shows it, in his language."""
    if isinstance(cell, float) and not cell.is_integer():
        return cell
    return shown(cell if isinstance(cell, str | Flaw) else words(cell), SAMPLE_LENGTH_MOST)
