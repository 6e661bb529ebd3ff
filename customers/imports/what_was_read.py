"""What was found about a file, for the person who looks before taking it over: character set, header, and each column with samples."""

from collections.abc import Mapping, Sequence

from customers.imports.cells import shown, words
from customers.imports.columns import ListColumns
from customers.imports.files.basics import Flaw
from customers.imports.headings import Header, keys_of
from customers.imports.lists import LISTS
from customers.models import ImportRun

SAMPLE_LENGTH_MOST = 40


def described(
    about: Mapping[str, str], header: Header, known: ListColumns, styles: Mapping[str, str], samples: Sequence[Sequence[object]]
) -> dict:
    """As kept with the run. `columns` are those of the file, in their order: heading, field, the field's name, number style, samples."""
    fields = {place: field for field, place in header.places.items()}
    names = {one.field: one.headings[0] for one in known.columns}
    columns = [
        {
            "heading": heading,
            "key": key,
            "field": (field := fields.get(index, "")),
            "name": names.get(field, ""),
            "style": styles.get(field, ""),
            "samples": [_sample(row[index]) for row in samples if len(row) > index and row[index] not in ("", None)],
        }
        for index, (heading, key) in enumerate(zip(header.texts, keys_of(header.texts), strict=True))
    ]
    return {**about, "header_row": header.row, "columns": columns}


def column_names(run: ImportRun) -> dict[str, str]:
    """Field → what the reader's language calls it, for the columns that the file has."""
    names = {one.field: one.name for one in LISTS[run.kind]().columns.columns}
    return {one["field"]: names.get(one["field"], one["name"]) for one in run.reading.get("columns", []) if one["field"]}


def _sample(cell: object) -> str | float:
    """A cell as it can be shown; a number with decimals is written by whoever shows it, in his language."""
    if isinstance(cell, float) and not cell.is_integer():
        return cell
    return shown(cell if isinstance(cell, str | Flaw) else words(cell), SAMPLE_LENGTH_MOST)
