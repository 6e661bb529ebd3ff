"""Queries whose shape never changes, put together once per process instead of once per request.

Django takes longer to put together the many short queries of a page than the database to answer them (docs/performance.md).
A Prepared is a queryset with a Param wherever a value differs from call to call:

    _LATEST = Prepared(lambda: Activity.objects.for_system("…").filter(customer=Param("customer")).latest_first()[:5])
    latest = list(_LATEST(customer=17))

What a call returns can be read, once or many times, and no more: whatever narrows, sorts or counts it stands where it is
built. Nothing that differs between users or days may stand there: it is built once, for everybody.

How it works: the first call has Django write the SQL of the queryset. A Param writes a placeholder and leaves itself among the
parameters. What is kept is that text with its parameters, and Django's compiler, which knows how columns become rows. Each call
copies the queryset and gives it a stand-in for its query (`_Filled`) that hands out the known SQL with the call's own values.
Reading it then goes Django's own way, so that models, select_related, prefetching, values and the guard are what they always are.
PostgreSQL is asked to keep the plan too, which for a short query costs more than answering it; not where `keeps_plan` says no, and
not for other queries: a plan made for any word at all is a poor one for the word that somebody searches. An act that saves asks
PostgreSQL to keep the plans of all its statements (`kept_plans`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

from innendienst.lib.kept import ids_param

_AT_ONCE = 0
"""The driver's setting: after how many uses a statement is prepared. None stands for never."""


class Param(Expression):
    """The place of a value that each call names; `output_field` says of what kind, an id where nothing is said."""

    def __init__(self, name: str, output_field: models.Field | None = None) -> None:
        super().__init__(output_field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection) -> tuple[str, list]:
        return "%s", [self]

    def stored(self, value: object, database: BaseDatabaseWrapper) -> object:
        """The value as the database takes it."""
        return self.output_field.get_db_prep_value(value, database)


class IdsParam(Param):
    """The place of many ids: `filter(customer__in=IdsParam("customers"))`."""

    def as_sql(self, compiler: SQLCompiler, connection) -> tuple[str, list]:
        listed = "SELECT unnest(%s::bigint[])" if connection.vendor == "postgresql" else "SELECT value FROM json_each(%s)"
        return f"({listed})", [self]

    def stored(self, value: Iterable[int], database: BaseDatabaseWrapper) -> object:
        return ids_param(list(value))


class Prepared:
    def __init__(self, build: Callable[[], models.QuerySet], *, keeps_plan: bool = True) -> None:
        """Without `keeps_plan` PostgreSQL plans each call anew: where the best way depends on how common the values are."""
        self._build, self._keeps_plan = build, keeps_plan
        self._built: dict[str, models.QuerySet] = {}

    def __call__(self, **values: object) -> models.QuerySet:
        """The rows for these values, not read yet. Raises KeyError when a value is missing."""
        database = connections[DEFAULT_DB_ALIAS]
        built = self._built.get(database.vendor)
        if built is None:
            built = self._build()
            built._query = _compiled(built.query, keeps_plan=self._keeps_plan)
            self._built[database.vendor] = built  # once it is whole: other threads take what they find
        found = built.all()
        found._query = built.query.filled(values, database)  # past the setter, which would forget what kind of rows were asked for
        return found


class _Compiled:
    """Stands in a queryset for its query: it knows its SQL already and answers everything else as the query would."""

    def __init__(
        self, query: Query, compiler: SQLCompiler, sql: str, params: Sequence[object], converters: dict, *, keeps_plan: bool
    ) -> None:
        self.query, self.compiler, self.sql, self.params, self.converters = query, compiler, sql, params, converters
        self.keeps_plan = keeps_plan

    def __getattr__(self, name: str) -> Any:
        return getattr(self.query, name)

    def chain(self, klass: type | None = None) -> "_Compiled":
        return self

    def filled(self, values: dict[str, object], database: BaseDatabaseWrapper) -> "_Filled":
        params = [param.stored(values[param.name], database) if isinstance(param, Param) else param for param in self.params]
        return _Filled(self.query, self.compiler, self.sql, params, self.converters, keeps_plan=self.keeps_plan)

    def get_compiler(self, using: str | None = None, connection=None, elide_empty: bool = True) -> SQLCompiler:
        compiler = _copied(self.compiler)
        compiler.connection = connection or connections[using]
        compiler.as_sql = lambda *_args, **_named: (self.sql, self.params)
        compiler.get_converters = lambda _expressions: self.converters
        if self.query.select_for_update:
            _demand_transaction(compiler.connection)
        if self.keeps_plan and compiler.connection.vendor == "postgresql":
            execute = compiler.execute_sql
            compiler.execute_sql = lambda *args, **named: _with_kept_plan(compiler.connection, execute, *args, **named)
        return compiler


class _Filled(_Compiled):
    """The same with the values of one call. Its SQL is written, so a further condition would be swallowed without a word."""

    def refuse(self, *_args, **_named) -> NoReturn:
        raise TypeError("What a prepared query returns can be read and no more. Say the rest where it is built.")

    chain = clone = has_results = get_count = get_aggregation = refuse


_Copied = TypeVar("_Copied")


def _copied(thing: _Copied) -> _Copied:
    """A shallow copy, without the detour of `copy.copy` by way of pickling, which a page would take twenty times."""
    copied = object.__new__(type(thing))
    copied.__dict__.update(thing.__dict__)
    return copied


@contextmanager
def kept_plans() -> Iterator[None]:
    """PostgreSQL keeps the plans of all statements of the block: for an act that always asks for the same, and often."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, _AT_ONCE
    try:
        yield
    finally:
        driver.prepare_threshold = before


def _with_kept_plan(connection, execute: Callable, *args, **named) -> Any:
    """What `execute` returns; the driver prepares the statement on the server at its first use in this connection."""
    connection.ensure_connection()
    driver = connection.connection
    before, driver.prepare_threshold = driver.prepare_threshold, _AT_ONCE
    try:
        return execute(*args, **named)
    finally:
        driver.prepare_threshold = before


def _demand_transaction(database: BaseDatabaseWrapper) -> None:
    """What Django demands while it writes such a query, which happens once here: outside a transaction the lock would be gone at once."""
    if database.features.has_select_for_update and database.get_autocommit():
        raise TransactionManagementError("A prepared select_for_update needs a transaction.")


def _compiled(query: Query, *, keeps_plan: bool) -> _Compiled:
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
    return _Compiled(query, compiler, sql, params, converters, keeps_plan=keeps_plan)
