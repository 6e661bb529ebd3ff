"""Products from a list: found again by their article number, in groups by name, with the successor the list names."""

from collections.abc import Collection, Iterable, Mapping

from customers.imports.before.made import note_made
from customers.imports.messages import MESSAGES_MOST, note, warning
from customers.imports.product_list import sql as own_sql, steps
from customers.imports.product_list.columns import product_columns
from customers.imports.product_list.groups import Groups
from customers.imports.store import Counts, RunFacts, TableList, TableStore
from customers.models import ImportRun, Product, ProductGroup

NAMED_MOST = 10


class ProductStore(TableStore):
    model = Product
    key = ("sku_key",)
    match = "target.sku_key = one.sku_key"
    shown = "sku"
    helpers = {"successor_key": Product._meta.get_field("sku_key"), **steps.FIELDS}

    def __init__(self, facts: RunFacts, groups: Groups, offered: Collection[str] = ()) -> None:
        # Whether an article is offered is a person's decision once it is known, unless the list itself says so.
        self.born_with = () if "not_offered" in facts.headings else ("not_offered",)
        self._groups = groups
        self._offered = offered
        super().__init__(facts)

    def plan(self) -> Counts:
        if "successor_key" in self.facts.fields:
            heading = self.facts.headings["successor_key"]
            for row, key, is_itself in own_sql.strange_successors(MESSAGES_MOST):
                code = "own_successor" if is_itself else "unknown_successor"
                self.notes.append(warning(code, row=row, column=heading, value=key))
        return super().plan()

    def link(self) -> None:
        if "successor_key" in self.facts.fields:
            own_sql.link_successors()
        steps.link(self.facts.fields)

    def write(self, run_id: int) -> Iterable[int]:
        own_sql.let_offer(self._offered)
        groups = self._groups.write()
        own_sql.name_groups(groups)
        self.write_rows(run_id)
        note_made(run_id, ProductGroup, groups.values())
        if "successor_key" in self.facts.fields:
            own_sql.replace_successors(run_id)
        steps.replace(run_id, self.facts.fields)
        if names := own_sql.never_offered():
            self.notes.append(named_note("not_offered", names))
        return own_sql.buyers()


class ProductList(TableList):
    model = Product
    named_by = ("sku", "name")

    def __init__(self) -> None:
        self._groups = Groups()
        self._offered: Collection[str] = ()
        self.columns = product_columns(self._groups.maker)

    def store(self, facts: RunFacts) -> ProductStore:
        return ProductStore(facts, self._groups, self._offered)

    def carried(self) -> dict:
        return {"groups": {str(number): name for number, name in self._groups.new.items()}}

    def resume(self, carried: Mapping) -> None:
        self._groups.new = {int(number): name for number, name in carried["groups"].items()}
        self._offered = carried.get("offered", ())

    def is_untouched(self, run: ImportRun) -> bool:
        """A successor that was not known then may be known now."""
        has_strange = any(said["code"] == "unknown_successor" for said in run.messages)
        return super().is_untouched(run) and not has_strange


def named_note(code: str, names: list[str]):
    """A note that counts names and gives the first ones."""
    return note(code, count=len(names), names=[*names[:NAMED_MOST], *(["…"] if len(names) > NAMED_MOST else [])])
