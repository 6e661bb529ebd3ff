"""What was found about a file, for the person who looks before taking it over: character set, header, and each column with samples."""

from collections.abc import Mapping, Sequence

from customers.imports.cells import folded, shown
from customers.imports.columns import ListColumns
from customers.imports.headings import Header

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
            "key": folded(heading),
            "field": (field := fields.get(index, "")),
            "name": names.get(field, ""),
            "style": styles.get(field, ""),
            "samples": [shown(row[index], SAMPLE_LENGTH_MOST) for row in samples if len(row) > index and row[index] not in ("", None)],
        }
        for index, heading in enumerate(header.texts)
    ]
    return {**about, "header_row": header.row, "columns": columns}
