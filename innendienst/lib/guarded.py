"""A queryset that cannot be read by accident: it asks first on whose behalf.

Every table that leads to a customer uses it. A page says `visible_to(user)`, a job says `for_system("why")`; whoever says
neither gets an UnguardedAccess in tests and in production alike. Rows reached through the relation of a guarded row already
held (`customer.contacts.all()`) pass, since that row was asked for properly; a user's or a product's rows do not.
"""

from typing import Self

from django.db import models


class UnguardedAccess(RuntimeError):
    """Rows that lead to customers were read without saying on whose behalf."""


class GuardedQuerySet(models.QuerySet):
    _is_open = False

    def for_system(self, why: str) -> Self:
        """All rows, for work that no single user's rights limit; `why` is for the reader of the code."""
        assert why
        return self._opened()

    def _opened(self) -> Self:
        opened = self._chain()
        opened._is_open = True
        return opened

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._is_open = self._is_open
        return clone

    def __or__(self, other: models.QuerySet) -> Self:
        """Rows of both; what nobody has asked for properly does not come along with what somebody has."""
        either = super().__or__(other)
        if either is not self and either is not other:  # Django hands out one of them where the other is empty
            either._is_open = self._is_open and _is_open(other)
        return either

    def _combinator_query(self, combinator: str, *others: models.QuerySet, all: bool = False) -> Self:  # noqa: A002 - Django's own name
        combined = super()._combinator_query(combinator, *others, all=all)
        combined._is_open = self._is_open and not any(not _is_open(other) for other in others)
        return combined

    def _demand_open(self) -> None:
        if not self._is_open and not _is_guarded(self._hints.get("instance")):
            raise UnguardedAccess(f"{self.model.__name__}: say visible_to(user) or for_system('why') first")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._demand_open()
        super()._fetch_all()

    def iterator(self, *args, **kwargs):
        self._demand_open()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        if self._result_cache is None:
            self._demand_open()
        return super().count()

    def exists(self) -> bool:
        if self._result_cache is None:
            self._demand_open()
        return super().exists()

    def aggregate(self, *args, **kwargs):
        self._demand_open()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs) -> int:
        self._demand_open()
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self):
        self._demand_open()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


def _is_open(rows: models.QuerySet) -> bool:
    """Whether rows may be read: those of unguarded tables always."""
    return rows._is_open if isinstance(rows, GuardedQuerySet) else True


def _is_guarded(row: models.Model | None) -> bool:
    """Whether the row itself leads to a customer."""
    return row is not None and isinstance(type(row)._default_manager.all(), GuardedQuerySet)
