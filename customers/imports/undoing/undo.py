"""Taking an import back: what it made goes, what it changed is as it was before, and what people did since stays.

One transaction. Rows that something hangs on stay as they are, with all that came with them, and are named; a value that was
changed again stays as well and is named.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers import facts, search_tokens
from customers.imports import repeats, sql as import_sql
from customers.imports.limits import KEPT
from customers.imports.undoing import names, sql
from customers.imports.undoing.hanging import cascading, staying
from customers.models import (
    Consent,
    Contact,
    ContactBlock,
    Customer,
    FollowUp,
    ImportBefore,
    ImportRun,
    Order,
    OrderLine,
    PriceStep,
    Product,
    ProductGroup,
    ProductRelation,
)  # fmt: skip
from customers.same_reach.switchboards import neighbours
from customers.signals import import_undone
from customers.touched import touch
from innendienst.base import audit
from innendienst.lib.batches import in_batches

NAMED_MOST = 500
_BATCH = 5_000
_WHY = "an import is taken back"
_LEAVES_FIRST = (FollowUp, ContactBlock, Consent, Contact, Customer, ProductRelation, PriceStep, Product, ProductGroup)
"""In this order rows can go: each model only after those that point at it."""
_CHANGED = {
    ImportRun.List.CUSTOMERS: (Customer,),
    ImportRun.List.CONTACTS: (Contact,),
    ImportRun.List.PRODUCTS: (Product,),
    ImportRun.List.ORDERS: (OrderLine, Order),
    ImportRun.List.FOLLOW_UPS: (),
}
_CAME_WITH = (
    (Customer, ContactBlock, "customer"),
    (Customer, Contact, "customer"),
    (Contact, ContactBlock, "contact"),
    (Contact, Consent, "contact"),
    (Product, ProductRelation, "from_product"),
    (Product, PriceStep, "product"),
)
_NEVER_RESTORED = {"id", "version", "import_run_id"}

Model = type[models.Model]


class NotUndoable(RuntimeError):
    """The import is not done, was taken back already, or is too old."""


@dataclass
class Undone:
    """What taking back does, or would do. `kept` are names and why they stay, at most 500 of `kept_count`."""

    removed_count: int = 0
    restored_count: int = 0
    kept_count: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, named: Mapping[int, str], reasons: Mapping[int, Collection[str]]) -> None:
        self.kept_count += len(reasons)
        for pk in sorted(reasons)[: NAMED_MOST - len(self.kept)]:
            self.kept.append((named.get(pk, str(pk)), ", ".join(sorted(reasons[pk]))))


def is_undoable(run: ImportRun) -> bool:
    return run.state == ImportRun.State.DONE and run.finished_at is not None and run.finished_at > timezone.now() - KEPT


def foresee(run: ImportRun) -> Undone:
    """What taking the import back would do; nothing is written. Raises NotUndoable."""
    _demand_undoable(run)
    return _Undo(run).foresee()


@transaction.atomic
def undo(run: ImportRun, by: User | None = None) -> Undone:
    """Take the import back. Raises NotUndoable."""
    import_sql.one_at_a_time()
    run = ImportRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    _demand_undoable(run)
    done = _Undo(run).carry_out()
    run.state, run.undone_at, run.undone = ImportRun.State.UNDONE, timezone.now(), asdict(done)
    run.save(update_fields=["state", "undone_at", "undone"])
    repeats.forget_rows(run.pk)
    ImportBefore.objects.filter(run=run).delete()
    counts = {"removed": done.removed_count, "restored": done.restored_count, "kept": done.kept_count}
    audit.record("import.undo", by=by, run=run.pk, list=run.kind, **counts)
    return done


def _demand_undoable(run: ImportRun) -> None:
    if not is_undoable(run):
        raise NotUndoable(run.pk)


class _Undo:
    """One import and its traces."""

    def __init__(self, run: ImportRun) -> None:
        self.done = Undone()
        self._run = run
        self._going: dict[Model, list[int]] = {}
        self._changed = _CHANGED[ImportRun.List(run.kind)]

    def foresee(self) -> Undone:
        if self._run.kind == ImportRun.List.ORDERS:
            self.done.removed_count += sql.count_lines(self._run.pk) - self._tell_later()
        self._find_going()
        for model in self._changed:
            self._tell_edited(model)
            self.done.restored_count += sql.count_restorable(self._run.pk, model._meta.db_table, _columns(model))
        return self.done

    def _find_going(self) -> None:
        """Which of the rows that the import made can go; the others are named."""
        made = {model: sql.made_ids(self._run.pk, model._meta.db_table) for model in _LEAVES_FIRST}
        held: dict[Model, set[int]] = {}
        for model in (one for one in _LEAVES_FIRST if made[one]):
            reasons = staying(self._run.pk, model, made[model], self._no_longer_pointing_at(model))
            self.done.keep(names.of(model, reasons), reasons)
            held[model] = set(reasons)
            self._going[model] = [pk for pk in made[model] if pk not in reasons]
        self._hold_what_came_with(held)
        self.done.removed_count += sum(len(ids) for ids in self._going.values())

    def carry_out(self) -> Undone:
        concerned = self._concerned()
        concerned |= neighbours(concerned) if Customer in self._changed else set()
        if self._run.kind == ImportRun.List.ORDERS:
            self._tell_later()
            self.done.removed_count += sql.delete_lines(self._run.pk)
        self._find_going()
        import_undone.send(sender=ImportRun, customer_ids=self._going.get(Customer, []), product_ids=self._going.get(Product, []))
        for model in self._changed:
            self._restore(model)
        declared = Customer.objects.for_system(_WHY).filter(declared_in=self._run)
        concerned |= set(declared.values_list("pk", flat=True))
        declared.update(declared_in=None)
        for model in (one for one in _LEAVES_FIRST if self._going.get(one)):
            _delete(model, self._going[model])
        for model in (ProductRelation, PriceStep, OrderLine):
            sql.insert_deleted(self._run.pk, model._meta.db_table, [one.column for one in model._meta.concrete_fields])
        self._follow_up(concerned - set(self._going.get(Customer, [])))
        return self.done

    def _no_longer_pointing_at(self, model: Model) -> Mapping[Model, Collection[int]]:
        """Rows that go; at a group that was made no article points either that gets its old one back."""
        if model is not ProductGroup:
            return self._going
        return {Product: [*self._going.get(Product, []), *sql.changed_ids(self._run.pk, Product._meta.db_table)]}

    def _hold_what_came_with(self, held: Mapping[Model, Collection[int]]) -> None:
        """A block or a person that came with a row which stays, stays with it."""
        for model, pointing, name in _CAME_WITH:
            if held.get(model) and self._going.get(pointing):
                rows = pointing._base_manager.filter(pk__in=self._going[pointing], **{f"{name}__in": list(held[model])})
                kept = set(rows.values_list("pk", flat=True))
                self._going[pointing] = [pk for pk in self._going[pointing] if pk not in kept]

    def _restore(self, model: Model) -> None:
        self._tell_edited(model)
        columns = _columns(model)
        has_version = "version" in {one.name for one in model._meta.concrete_fields}
        self.done.restored_count += sql.restore(self._run.pk, model._meta.db_table, columns, has_version=has_version)

    def _tell_edited(self, model: Model) -> None:
        """Name the rows in which a value was changed again."""
        labels = {one.column: [str(one.verbose_name)] for one in model._meta.concrete_fields if one.editable}
        reasons: dict[int, set[str]] = {}
        for pk, column in sql.edited_since(self._run.pk, model._meta.db_table, _columns(model)):
            reasons.setdefault(pk, set()).update(labels.get(column, ()))
        self.done.keep(names.of(model, reasons), reasons)

    def _tell_later(self) -> int:
        """Name the order lines that a later list changed; how many they are."""
        reasons = {pk: {_("changed by a later import")} for pk in sql.lines_written_later(self._run.pk)}
        self.done.keep(names.of(OrderLine, reasons), reasons)
        return len(reasons)

    def _concerned(self) -> set[int]:
        """The customers whose data or purchases will not be the same."""
        if self._run.kind == ImportRun.List.ORDERS:
            return set(sql.buyers(self._run.pk))
        return set(names.customers_of(self._run.pk, self._run.kind))

    def _follow_up(self, customer_ids: Collection[int]) -> None:
        if self._run.kind in (ImportRun.List.CUSTOMERS, ImportRun.List.CONTACTS):
            search_tokens.refresh(customer_ids)
        if self._run.kind == ImportRun.List.ORDERS:
            facts.keep_data_state(timezone.now())
        touch(customer_ids)


def _columns(model: Model) -> list[str]:
    return [one.column for one in model._meta.concrete_fields if one.column not in _NEVER_RESTORED]


def _delete(model: Model, ids: Sequence[int]) -> None:
    """The rows and what is kept of them."""
    for batch in in_batches(ids, _BATCH):
        for relation in cascading(model):
            relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": batch}).delete()
        model._base_manager.filter(pk__in=batch).delete()
