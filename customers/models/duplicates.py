"""Customers who look alike: of whom somebody said that they are two."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

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
