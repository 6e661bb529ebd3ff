"""What hangs on the rows that an import made: whatever points at them and neither goes with them nor is merely computed from them.

A kept row goes with what it is kept of (CASCADE in the model); everything else says PROTECT and holds the row back, unless its
model says in COMPUTED which of its rows nobody has touched yet: these go by a signal (customers/signals.py).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from customers.imports.undoing import names, sql
from customers.models import Activity, Consent, ContactBlock, Customer, FollowUp, OrderLine, ProductRelation
from innendienst.lib.batches import in_batches

_BATCH = 5_000
_ENDED_BY_PERSON = {ContactBlock: Q(lifted_at__isnull=False), Consent: Q(revoked_at__isnull=False), FollowUp: Q(done_at__isnull=False)}
"""Whoever lifted a block, revoked a consent or did what was due did something that stays on record."""

_TOLD_APART = {Activity: ("kind",)}
Staying = Mapping[int, Collection[str]]
"""Row → the words for what holds it back."""
Going = Mapping[type[models.Model], Collection[int]]
Pointing = Counter[tuple]
"""Row, the model of those that point at it, and where these are told apart their kind → how many they are."""


def staying(run_id: int, model: type[models.Model], ids: Sequence[int], going: Going) -> Staying:
    """Which of the rows made by the run must stay, and why; rows that are `going` themselves hold nothing back."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    later = sql.written_later(run_id, model._meta.db_table)
    called = names.of_runs(later.values())
    for pk, run in later.items():
        found[pk].add(called[run])
    for pk in _edited(run_id, model, ids):
        found[pk].add(_("edited since"))
    for (pk, *what), count in _pointing(run_id, model, ids, going).items():
        found[pk].add(names.counted(count, *what))
    return dict(found)


def cascading(model: type[models.Model]) -> list[models.ManyToOneRel]:
    """Kept rows that go with a row of this model."""
    return [one for one in _relations(model) if one.on_delete is models.CASCADE and not _is_by_hand(one)]


def _edited(run_id: int, model: type[models.Model], ids: Sequence[int]) -> Iterator[int]:
    if "version" in {one.name for one in model._meta.concrete_fields}:
        yield from sql.edited_made(run_id, model._meta.db_table)
    if ended := _ENDED_BY_PERSON.get(model):
        yield from model._base_manager.filter(ended, pk__in=ids).values_list("pk", flat=True)


def _pointing(run_id: int, model: type[models.Model], ids: Sequence[int], going: Going) -> Pointing:
    counts: Pointing = Counter()
    for relation in _protecting(model):
        for (pk, *kind), count in _pointed_at(relation, run_id, ids, set(going.get(relation.related_model, ()))):
            counts[pk, relation.related_model, *kind] += count
    return counts


def _protecting(model: type[models.Model]) -> list[models.ManyToOneRel]:
    """Relations that hold a row back; the lines of a customer's orders are told by their orders."""
    holding = [one for one in _relations(model) if one.on_delete is not models.CASCADE or _is_by_hand(one)]
    return [one for one in holding if (model, one.related_model) != (Customer, OrderLine)]


def _is_by_hand(relation: models.ManyToOneRel) -> bool:
    """Relations between products go with them, yet a person may have entered them."""
    return relation.related_model is ProductRelation


def _relations(model: type[models.Model]) -> list[models.ManyToOneRel]:
    return [one for one in model._meta.get_fields(include_hidden=True) if isinstance(one, models.ManyToOneRel)]


def _pointed_at(relation: models.ManyToOneRel, run_id: int, ids: Sequence[int], going: Collection[int]) -> Iterable[tuple]:
    """Those of the rows that rows which stay point at, perhaps with the kind of these, and how many they are."""
    name, pointing = relation.field.attname, relation.related_model
    rows = pointing._base_manager.order_by()
    if computed := getattr(pointing, "COMPUTED", None):
        rows = rows.exclude(computed)
    if pointing is OrderLine:
        rows = rows.exclude(Q(import_run=run_id) & ~Q(pk__in=sql.lines_written_later(run_id)))
    for batch in in_batches(ids, _BATCH):
        found = rows.filter(**{f"{name}__in": batch})
        if going:
            yield from Counter((pk,) for pk, other in found.values_list(name, "pk") if other not in going).items()
        else:
            grouped = found.values_list(name, *_TOLD_APART.get(pointing, ()))
            yield from ((group, count) for *group, count in grouped.annotate(Count("pk")))
