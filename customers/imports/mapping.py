"""Which column of a file is which, as a person assigned it: remembered for every list with the same headings."""

import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import User
from customers.imports.headings import Chosen, keys_of
from customers.imports.rights import demand_run
from customers.models import ImportMapping, ImportRun
from innendienst.base import audit


def remembered(kind: str, texts: Sequence[str]) -> Chosen | None:
    """What somebody assigned for such headings, None when nobody did."""
    found = ImportMapping.objects.filter(kind=kind, header_key=header_key(keys_of(texts))).first()
    return found.fields if found else None


@transaction.atomic
def remember(*, actor: User, run: ImportRun, fields: Mapping[str, str]) -> None:
    """Keep what the headings of the run's file mean from now on."""
    demand_run(actor, run)
    keys = [column["key"] for column in run.reading["columns"]]
    said = {"fields": {key: fields.get(key, "") for key in keys}, "by": actor}
    ImportMapping.objects.update_or_create(kind=run.kind, header_key=header_key(keys), defaults=said)
    audit.record("import.assign_columns", by=actor, run=run.pk, list=run.kind)


def header_key(keys: Sequence[str]) -> str:
    return hashlib.sha256("|".join(keys).encode()).hexdigest()
