"""Order lines from a list: found again by order and position. Unknown articles are made from the lines that name them."""

from collections.abc import Iterable

from django.db.models import Max
from django.utils import timezone

from customers.imports import sql
from customers.imports.messages import note, warning
from customers.imports.order_list import sql as own_sql
from customers.imports.order_list.columns import order_columns
from customers.imports.order_list.documents import Documents
from customers.imports.product_list.store import named_note
from customers.imports.product_list.words import is_never_offered
from customers.imports.store import Counts, RunFacts, db_type, defaults
from customers.models import DataState, Order, OrderLine, Product
from innendienst.lib.bulk import copy_rows

_ALWAYS = ("customer_id", "ordered_on", "quantity", "revenue_net")
_OPTIONAL = ("contribution_margin", "unit")
_WHY = "the Datenstand is that of all order lines"


class OrderStore:
    def __init__(self, facts: RunFacts, documents: Documents) -> None:
        self.facts = facts
        self.notes = []
        self._documents = documents
        self._has_positions = "position" in facts.fields
        says_state = not {"status", "document"}.isdisjoint(facts.headings)
        self._compared = [*_ALWAYS, *(name for name in _OPTIONAL if name in facts.fields), *(["status"] if says_state else [])]
        self._lines = "import_rows"
        self._known_count = self._changed_count = self._gone_count = 0
        self._new_products: list[tuple[str, str, str, str]] = []

    def types(self) -> dict[str, str]:
        fields = {one.column: one for model in (Product, Order, OrderLine) for one in model._meta.concrete_fields}
        return {name: db_type(fields[name]) for name in self.facts.fields}

    def find_bad(self) -> None:
        own_sql.find_two_customers()
        if self._has_positions:
            sql.find_doubles(("number_key", "position"), "number", self.facts.fields)
        elif self.facts.broken:
            own_sql.find_broken(self.facts.broken)

    def plan(self) -> Counts:
        if not self._has_positions:
            self._lines = own_sql.number_lines()
        own_sql.gather_orders()
        self._known_count, self._changed_count = own_sql.compare(self._lines, self._compared)
        self._gone_count = 0 if self._has_positions else own_sql.count_gone()
        self._new_products = own_sql.new_products(has_name="name" in self.facts.fields, has_unit="unit" in self.facts.fields)
        self._note()
        created_count = sql.count_rows() - self._known_count
        return Counts(created_count, self._changed_count, self._known_count - self._changed_count)

    def write(self) -> Iterable[int]:
        concerned = own_sql.concerned(self._lines, are_orders_whole=not self._has_positions)
        if concerned:
            self._write_products()
            own_sql.add_orders()
            self._write_lines()
            own_sql.change_orders()
        self._keep_data_state()
        return concerned

    def _write_products(self) -> None:
        columns = ("sku", "sku_key", "name", "unit", "not_offered")
        rest = defaults(Product, without=columns)
        rows = (
            (sku, key, name or sku, unit, is_never_offered(name), *rest.values()) for sku, key, name, unit in self._new_products
        )  # fmt: skip
        copy_rows(Product._meta.db_table, [*columns, *rest], rows)

    def _write_lines(self) -> None:
        columns = ["position", *_ALWAYS, "status", *(name for name in _OPTIONAL if name in self.facts.fields)]
        constants = defaults(OrderLine, without={*columns, "order_id", "product_id"})
        own_sql.add_lines(self._lines, columns, constants, has_known=self._known_count > 0)
        own_sql.change_lines(self._lines, self._compared)
        if self._gone_count:
            own_sql.delete_gone()

    def _keep_data_state(self) -> None:
        counted = OrderLine.objects.for_system(_WHY).filter(status__in=OrderLine.COUNTED)
        last_order_on = counted.aggregate(last=Max("ordered_on"))["last"]
        DataState.objects.update_or_create(pk=1, defaults={"last_order_on": last_order_on, "loaded_at": timezone.now()})

    def _note(self) -> None:
        documents = self._documents
        if len(documents.counted) > 1:
            self.notes.append(warning("several_documents", kinds=list(documents.counted)))
        if self._gone_count:
            self.notes.append(note("lines_gone", count=self._gone_count))
        names = [name or sku for sku, _key, name, _unit in self._new_products]
        if names:
            self.notes.append(named_note("new_products", names))
        if never := [name for name in names if is_never_offered(name)]:
            self.notes.append(named_note("not_offered", never))


class OrderList:
    def __init__(self) -> None:
        self._documents = Documents()
        self.columns = order_columns(self._documents.maker)

    def store(self, facts: RunFacts) -> OrderStore:
        return OrderStore(facts, self._documents)
