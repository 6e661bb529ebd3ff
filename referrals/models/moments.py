"""Right moments to ask."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from customers.models import Customer
from referrals.querysets import ReferenceMomentQuerySet


class ReferenceMoment(models.Model):
    """Why now is a good time to ask a customer for a reference. Found by the night, or marked by a colleague.

    It is good from `opens_on` to `valid_until`. `value` is the net value of the delivery, null for other kinds. `suggested_to` has it
    on his list since `suggested_on`; most moments are suggested to nobody, since each person gets a few at a time.
    """

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("large delivery")
        COMPLAINT = "complaint", _("complaint made good")
        PROMOTER = "promoter", _("recommends us in a survey")
        IMPRESSION = "impression", pgettext_lazy("moment", "seems content")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reference_moments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    occasion_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    opens_on = models.DateField()
    valid_until = models.DateField()
    suggested_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    suggested_on = models.DateField(null=True)

    objects = ReferenceMomentQuerySet.as_manager()

    class Meta:
        verbose_name = _("right moment")
        verbose_name_plural = _("right moments")
        constraints = [models.UniqueConstraint(fields=["customer", "kind", "occasion_on"], name="reference_moment_once")]
        indexes = [
            models.Index(fields=["kind", "valid_until"]),
            models.Index(fields=["kind", "-occasion_on", "-id"], name="reference_moment_last_first"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.occasion_on:%Y-%m-%d}"
