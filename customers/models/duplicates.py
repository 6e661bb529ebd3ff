"""Customers who look alike: kept apart as two, or merged into one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.companies import Customer
from customers.querysets import CustomerLinkedQuerySet


class NotDuplicate(models.Model):
    """Somebody has looked: these two are not one company. `customer` is the older row."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "other"], name="not_duplicate_once"),
            models.CheckConstraint(condition=Q(customer__lt=F("other")), name="not_duplicate_older_first"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} ≠ {self.other_id}"


class Merge(models.Model):
    """One customer that went into another one: `customer` stands in no list any more, `into` stands for both.

    It can be taken back as long as its moves are there.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        constraints = [models.UniqueConstraint(fields=["customer"], condition=Q(undone_at=None), name="merge_standing_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.into_id}"


class MergeMove(models.Model):
    """One change that a merge made to `rows` of a table: the columns concerned before and after.

    Without `before` it made the row, without `after` it deleted it, all of which `before` then holds.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moves")
    table = models.CharField(max_length=60)
    rows = models.JSONField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.merge_id} {self.table}"
