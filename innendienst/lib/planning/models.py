"""The tables of a planning document, abstract: an app makes them its own and adds what its rows lead to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from innendienst.lib.planning.columns import Template

Bound = Mapping[tuple[int, str], str]
"""(row id, column) → the text of a bound cell; one of which nothing is known is missing."""


class PlanDocument(models.Model):
    """A filled template for a period. Bound cells stand as of `as_of`; once frozen nothing in it changes any more.

    The concrete model has `template`, rows under `rows` (which have `cells`), snapshots under `snapshots`.
    """

    template: ClassVar[Template]
    rows: Any
    snapshots: Any

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    as_of = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    copied_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")

    class Meta:
        abstract = True
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="%(class)s_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class PlanRow(models.Model):
    """A row of a section. Taken out it stays, so that it can be put back; its number is its place among the rows.

    `file_key` knows the line of a workbook again that the row was taken over from; "" for one that was not.
    """

    document_id: int
    cells: Any

    section = models.CharField(max_length=8)
    position = models.PositiveIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    file_key = models.CharField(max_length=32, blank=True, default="", db_default="")

    class Meta:
        abstract = True
        ordering = ["section", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.section}{self.position}"

    @property
    def values(self) -> dict[str, str]:
        """Column → text, from cells that were prefetched."""
        return {cell.column: cell.value for cell in self.cells.all()}


class PlanCell(models.Model):
    """The text of one cell. `version` counts its changes; who wrote a bound cell is nobody."""

    row_id: int

    column = models.CharField(max_length=24)
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["row", "column"], name="%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.row_id} {self.column}"


class PlanSnapshot(models.Model):
    """A document as it stood when somebody froze it: row id → column → the text as it was read that day."""

    document_id: int

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.at:%Y-%m-%d}"


Binder = Callable[[Any, Sequence[Any]], Bound]
"""What the data say for the bound cells of a document's rows, which come with their cells."""
