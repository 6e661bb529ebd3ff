"""Orders as the ERP has them: read-only here, written by imports alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.companies import Customer
from customers.models.products import Product
from customers.querysets import CustomerLinkedQuerySet, OrderQuerySet


def _made_by_import() -> models.ForeignKey:
    """The list that made the row; without index or constraint, since it is asked for only when that list is taken back."""
    return models.ForeignKey(
        "customers.ImportRun", null=True, editable=False, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )


class Order(models.Model):
    number = models.CharField(_("order number"), max_length=40)
    number_key = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="orders", db_index=False)
    ordered_on = models.DateField(_("date"))
    import_run = _made_by_import()

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_on", "-pk"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [models.Index(fields=["customer", "-ordered_on", "-id"])]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One line of an order. Returns have a negative quantity and revenue; an unknown margin is null.

    `customer` is that of the order, whose constraint holds for both. Indexes are few, because lists of millions of lines come in.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")
        CREDIT = "credit", _("credit")

    COUNTED = (Status.OPEN, Status.DELIVERED)

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField(_("line"))
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="order_lines", db_constraint=False)
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="order_lines")
    ordered_on = models.DateField()
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    revenue_net = models.DecimalField(_("revenue"), max_digits=14, decimal_places=2)
    contribution_margin = models.DecimalField(_("contribution margin"), max_digits=14, decimal_places=2, null=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DELIVERED)
    import_run = _made_by_import()

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="order_position_once")]
        indexes = [models.Index(fields=["customer", "product", "ordered_on"]), models.Index(fields=["ordered_on"])]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"
