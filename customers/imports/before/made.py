"""Rows that were made beside those of the list: people, blocks, consents, articles, groups, successors."""

import json
from collections.abc import Iterable

from django.db import models

from customers.models import ImportBefore
from innendienst.lib.bulk import copy_rows


def note_made(run_id: int, model: type[models.Model], ids: Iterable[int]) -> None:
    """Remember them; the version, where rows have one, tells whether somebody edited them since."""
    table = model._meta.db_table
    after = json.dumps({"version": 1}) if "version" in {one.name for one in model._meta.concrete_fields} else None
    copy_rows(ImportBefore._meta.db_table, ["run_id", "table", "target", "after"], ((run_id, table, pk, after) for pk in ids))
