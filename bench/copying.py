"""Many rows of a model in one COPY."""

from collections.abc import Iterable

from django.db import connection, models

from innendienst.lib.bulk import copy_rows


def copy_models(model: type[models.Model], rows: Iterable[dict[str, object]]) -> None:
    """COPY rows that name only what differs from the model's defaults."""
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    blank = {one.attname: _stored(one) for one in fields}
    copy_rows(model._meta.db_table, [one.column for one in fields], ([*{**blank, **row}.values()] for row in rows))


def _stored(one: models.Field) -> object:
    return one.get_db_prep_save(one.get_default(), connection)
