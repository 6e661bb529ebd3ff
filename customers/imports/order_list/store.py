"""Order lines from a list: found again by order and position. Unknown articles are made from the lines that name them."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils import timezone

from customers.facts import keep_data_state
from customers.imports import answers, sql
from customers.imports.answers import Question, Topic
from customers.imports.before.made import note_made
from customers.imports.messages import Message, note, warning
from customers.imports.order_list import sql as own_sql
from customers.imports.order_list.articles import Articles
from customers.imports.order_list.columns import order_columns
from customers.imports.order_list.documents import Documents
from customers.imports.product_list.store import named_note
from customers.imports.store import Counts, RunFacts, db_type, defaults
from customers.models import ImportRun, Order, OrderLine, Product

_ALWAYS = ("customer_id", "product_id", "ordered_on", "quantity", "revenue_net")
_OPTIONAL = ("contribution_margin", "unit", "status")


class OrderStore:
    def __init__(self, facts: RunFacts, articles: Articles, documents: Documents) -> None:
        self.facts = facts
        self.notes: list[Message] = []
        self._articles, self._documents = articles, documents
        self._has_positions = "position" in facts.fields
        self._compared = [*_ALWAYS, *(name for name in _OPTIONAL if name in facts.fields)]
        self._lines = "import_rows"
        self._known_count = self._gone_count = 0

    def types(self) -> dict[str, str]:
        fields = {one.column: one for model in (Order, OrderLine) for one in model._meta.concrete_fields}
        return {name: db_type(fields[name]) for name in self.facts.fields}

    def find_bad(self) -> None:
        own_sql.find_two_customers()
        if self._has_positions:
            sql.find_doubles(("number_key", "position"), "number", self.facts.fields)
        elif self.facts.broken:
            own_sql.find_broken(self.facts.broken)

    def plan(self) -> Counts:
        if self._articles.new:
            self._articles.keep(own_sql.new_articles())
        if not self._has_positions:
            self._lines = own_sql.number_lines()
        own_sql.gather_orders()
        self._known_count, changed_count = own_sql.compare(self._lines, self._compared)
        self._gone_count = 0 if self._has_positions else own_sql.count_gone()
        self._note()
        return Counts(sql.count_rows() - self._known_count, changed_count, self._known_count - changed_count)

    def write(self, run_id: int) -> Iterable[int]:
        concerned = own_sql.concerned(self._lines, are_orders_whole=not self._has_positions)
        if concerned:
            if self._articles.new:
                if never := self._articles.never_offered():
                    self.notes.append(named_note("not_offered", [one.name for one in never]))
                made = self._articles.write()
                own_sql.name_articles(self._lines, made)
                note_made(run_id, Product, Product.objects.filter(sku_key__in=[key for _number, key in made]).values_list("pk", flat=True))
            own_sql.add_orders(run_id)
            self._write_lines(run_id)
            own_sql.change_orders(run_id)
        keep_data_state(timezone.now())
        return concerned

    def keep(self, run_id: int) -> None:
        own_sql.keep(run_id, self._lines, [*self.facts.fields, *(() if self._has_positions else ("position",))])

    def keep_written(self, run_id: int) -> None:
        """The order lines themselves say which run made them."""

    def load(self, run_id: int) -> None:
        own_sql.load(run_id, self.facts.fields)

    def is_stale(self, run: ImportRun) -> bool:
        """Nothing but imports writes orders."""
        return other_orders_since(run, run.staged_at)

    def settle(self, run_id: int) -> None:
        own_sql.forget(run_id)

    def _write_lines(self, run_id: int) -> None:
        columns = ["position", *self._compared]
        constants = {**defaults(OrderLine, without={*columns, "order_id"}), "import_run_id": run_id}
        own_sql.add_lines(self._lines, columns, constants, has_known=self._known_count > 0)
        if self._gone_count:
            own_sql.delete_gone(run_id)
        own_sql.change_lines(run_id, self._lines, self._compared)

    def _note(self) -> None:
        if self._documents.is_open:
            self.notes.append(warning("several_documents", kinds=list(self._documents.counted)))
        if self._gone_count:
            self.notes.append(note("lines_gone", count=self._gone_count))
        new = self._articles.new.values()
        if new:
            self.notes.append(named_note("new_products", [one.name for one in new]))


class OrderList:
    def __init__(self) -> None:
        self._articles, self._documents = Articles(), Documents()
        self.columns = order_columns(self._articles, self._documents)

    def store(self, facts: RunFacts) -> OrderStore:
        return OrderStore(facts, self._articles, self._documents)

    def carried(self) -> dict:
        return {"articles": self._articles.carried()}

    def resume(self, carried: Mapping) -> None:
        self._articles.resume(carried["articles"])
        self._articles.offered = set(carried.get("offered", ()))

    def is_untouched(self, run: ImportRun) -> bool:
        return not other_orders_since(run, run.finished_at) and not answers.changed_since(run.finished_at, Topic.DOCUMENT)

    def questions(self) -> list[Question]:
        return self._documents.questions()


def other_orders_since(run: ImportRun, instant: dt.datetime) -> bool:
    """Whether another list of orders was taken over or taken back after that."""
    ended = ImportRun.objects.filter(kind=ImportRun.List.ORDERS, state__in=[ImportRun.State.DONE, ImportRun.State.UNDONE])
    return ended.filter(finished_at__gt=instant).exclude(pk=run.pk).exists()
