"""What a customer needs of a product group, and from whom he gets it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.activities import Activity
from customers.models.companies import Customer
from customers.models.products import ProductGroup
from customers.querysets import NeedQuerySet


class Need(models.Model):
    """What somebody was told in a call about one product group; each of the three may be unknown.

    `supplier` is the firm he buys from, `yearly_need` what all of it comes to in a year, in net euros, ours included;
    `contract_until` the last day on which he is bound to the supplier. A line whose three are empty says that nothing is true any more.
    `before` is what stood there before the call `activity`, so that undoing the call brings it back; empty for a line that it made.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="needs")
    group = models.ForeignKey(ProductGroup, on_delete=models.PROTECT, related_name="+")
    supplier = models.CharField(max_length=80, blank=True)
    yearly_need = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    contract_until = models.DateField(null=True, blank=True)
    told_on = models.DateField()
    told_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="needs")
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["group__name", "pk"]
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.UniqueConstraint(fields=["customer", "group"], name="need_once_per_group"),
            models.CheckConstraint(condition=Q(yearly_need=None) | Q(yearly_need__gt=0), name="need_is_above_nothing"),
        ]
        indexes = [models.Index(fields=["contract_until"], condition=Q(contract_until__isnull=False), name="need_by_end_of_contract")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.group_id}"
