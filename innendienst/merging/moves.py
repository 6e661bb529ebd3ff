"""Changing rows of any table so that it can be taken back: each change is noted with what stood there before."""

import json
from collections.abc import Collection, Iterable

from django.apps import apps
from django.db.models import CASCADE, Exists, F, Field, JSONField, Model, OuterRef, Q, QuerySet, UniqueConstraint

from customers.models import Merge, MergeMove
from innendienst.lib.batches import in_batches

_BATCH = 500


class Moves:
    """The changes of one merge, noted in the order in which they are made."""

    def __init__(self, merge: Merge) -> None:
        self._merge = merge

    def follow(self, model: type[Model], column: str, gone: int, kept: int, *, without: Collection[int] = (), goes: bool = False) -> int:
        """Let rows that lead to `gone` lead to `kept`; how many.

        Rows which `kept` has already, where there may be one only, stay, or go (`goes`) with what cascades from them.
        """
        rows = model._base_manager.filter(**{column: gone}).exclude(pk__in=without)
        taken = [pk for place in _places(model, column) for pk in _taken(model, column, place, gone, kept)]
        if goes and taken:
            self.delete(rows.filter(pk__in=taken))
        moving = list(rows.exclude(pk__in=taken).order_by("pk").values_list("pk", flat=True))
        if moving:
            attname = model._meta.get_field(column).attname
            self._note(model, moving, {attname: gone}, {attname: kept})
            for batch in in_batches(moving, _BATCH):
                model._base_manager.filter(pk__in=batch).update(**{attname: kept})
        return len(moving)

    def change(self, row: Model, **values: object) -> None:
        """Write some columns (by their attnames) of one row, as its next version where it has any."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return
        before = {name: _noted(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        self._note(type(row), [row.pk], before, {name: _noted(row, name) for name in changed})
        _write(row, changed)

    def make(self, row: Model) -> None:
        row.save(force_insert=True)
        self._note(type(row), [row.pk], None, {})

    def delete(self, rows: QuerySet) -> None:
        """Delete rows, and before them those that would go along."""
        found = list(rows)
        for field in _cascading_to(rows.model):
            hanging = field.model._base_manager.filter(**{f"{field.name}__in": [row.pk for row in found]})
            if hanging.exists():
                self.delete(hanging)
        for row in found:
            self._note(type(row), [row.pk], {field.attname: _noted(row, field.attname) for field in row._meta.concrete_fields}, None)
            type(row)._base_manager.filter(pk=row.pk).delete()

    def _note(self, model: type[Model], rows: list[int], before: dict | None, after: dict | None) -> None:
        MergeMove.objects.create(merge=self._merge, table=model._meta.label, rows=rows, before=before, after=after)


def take_back(merge: Merge) -> None:
    """Undo the noted changes, the last one first. A column that holds something else by now is left as it is."""
    for move in merge.moves.order_by("-pk"):
        model = apps.get_model(move.table)
        if move.after is None:
            values = {name: _read(model, name, value) for name, value in move.before.items()}
            model._base_manager.bulk_create([model(**values)])
            model._base_manager.filter(pk__in=move.rows).update(**values)  # a new row would bear the time of now
        elif move.before is None:
            model._base_manager.filter(pk__in=move.rows).delete()
        elif _is_reference(model, move.before):
            for batch in in_batches(move.rows, _BATCH):
                model._base_manager.filter(pk__in=batch, **move.after).update(**move.before)
        else:
            _put_back(model, move)


def _put_back(model: type[Model], move: MergeMove) -> None:
    for row in model._base_manager.filter(pk__in=move.rows):
        held = [name for name, value in move.after.items() if _noted(row, name) == value]
        if held:
            _write(row, {name: _read(model, name, move.before[name]) for name in held})


def _write(row: Model, values: dict[str, object]) -> None:
    names = {field.name for field in row._meta.concrete_fields}
    versions = {"version": F("version") + 1} if "version" in names else {}
    type(row)._base_manager.filter(pk=row.pk).update(**values, **versions)


def _cascading_to(model: type[Model]) -> Iterable[Field]:
    """Foreign keys whose rows are deleted with the row they lead to."""
    relations = (one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete)
    return [one.remote_field for one in relations if getattr(one, "on_delete", None) is CASCADE]


def _places(model: type[Model], column: str) -> Iterable[tuple[list[str], Q]]:
    """What makes a row the only one of its kind: the other columns and the condition of each unique constraint with the column."""
    if model._meta.get_field(column).unique:
        yield [], Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and column in constraint.fields:
            yield [name for name in constraint.fields if name != column], constraint.condition or Q()


def _taken(model: type[Model], column: str, place: tuple[list[str], Q], gone: int, kept: int) -> Iterable[int]:
    others, condition = place
    same = model._base_manager.filter(condition, **{column: kept}, **{name: OuterRef(name) for name in others})
    return model._base_manager.filter(condition, Exists(same), **{column: gone}).values_list("pk", flat=True)


def _is_reference(model: type[Model], columns: dict) -> bool:
    """Whether it is a single foreign key, which many rows at once may hold."""
    return len(columns) == 1 and all(model._meta.get_field(name).is_relation for name in columns)


def _noted(row: Model, name: str) -> object:
    """The value as JSON keeps it, to the last digit: days, instants and amounts as their texts."""
    return json.loads(json.dumps(getattr(row, name), default=str))


def _read(model: type[Model], name: str, value: object) -> object:
    field = model._meta.get_field(name)
    return value if isinstance(field, JSONField) else field.to_python(value)
