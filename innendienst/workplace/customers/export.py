"""The customer list as a workbook: exactly the rows that its filter finds, in its order, with the columns that are shown."""

from collections.abc import Iterator

from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext as _, pgettext

from customers.tags import tags_of
from innendienst.lib.batches import in_batches
from innendienst.lib.excel import Value
from innendienst.workplace.customers.columns import LABELS, Shown
from innendienst.workplace.customers.listing import CustomerListFilter, found_ids, shown_values
from innendienst.workplace.customers.rows import COLUMNS, customer_row

ROWS_MOST = 50_000
_PLAIN = {
    "abc": "facts__abc_class",
    "revenue": "facts__revenue_12m",
    "margin": "facts__margin_12m",
    "last_order": "facts__last_order_on",
    "last_contact": "facts__last_contact_on",
}
"""Columns that go out as figures and dates, as they are stored."""


def export_head(shown: Shown) -> list[str]:
    return [
        _("Customer number"),
        _("Company"),
        _("Postcode"),
        _("Town"),
        pgettext("column", "Marks"),
        *(str(LABELS[name]) for name in _names(shown)),
    ]


def money_columns(shown: Shown) -> set[int]:
    """Where the amounts stand, counted from 0."""
    first = len(export_head(shown)) - len(_names(shown))
    return {first + place for place, name in enumerate(_names(shown)) if name in {"revenue", "margin"}}


def export_rows(filters: CustomerListFilter, *, sort: str, shown: Shown, owners: dict[int, str], today) -> Iterator[list[Value]]:
    """The first 50,000 rows, read in steps of a thousand."""
    ids, language, names = found_ids(filters, sort)[:ROWS_MOST], get_language(), _names(shown)
    for batch in in_batches(ids):
        values, tags = shown_values(batch), tags_of(batch) if shown.tags else {}
        for pk in batch:
            known, row = dict(zip(COLUMNS, values[pk], strict=True)), customer_row(values[pk], owners, "", today, language)
            texts = {"owner": row.owner, "reasons": " ".join(strip_tags(row.reasons).split()), "phone": row.phone}
            texts["tags"] = ", ".join(tags.get(pk, ()))
            cells = [known[_PLAIN[name]] if name in _PLAIN else texts[name] for name in names]
            yield [row.number, row.name, known["postcode"], known["town"], " ".join(strip_tags(row.marks).split()), *cells]


def _names(shown: Shown) -> list[str]:
    return [name for name in LABELS if getattr(shown, name)]
