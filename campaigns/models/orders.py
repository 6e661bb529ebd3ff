"""What was offered in writing for an opportunity, and the orders of the ERP that fit it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innendienst.base.models import AppendOnlyQuerySet, StoredFile


class Quote(models.Model):
    """What was offered in writing: one row per version, each as it was sent. A correction is the next version.

    `file` is the letter itself where somebody laid it in; quotes are written in the ERP.
    """

    opportunity = models.ForeignKey("Opportunity", on_delete=models.PROTECT, related_name="quotes")
    version = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, blank=True)
    sent_on = models.DateField()
    valid_until = models.DateField(null=True)
    net_amount = models.DecimalField(max_digits=14, decimal_places=2)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "version"], name="quote_version_once"),
            models.CheckConstraint(condition=Q(net_amount__gt=0), name="quote_has_amount"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("sent_on")), name="quote_ends_after_it_was_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.version})".strip()

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("a sent quote never changes: the next version says what is different")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("a sent quote stays")


class OrderMatch(models.Model):
    """An order of the ERP that fits an opportunity. An import may take orders back, so it is named by its number alone.

    ASKED waits for a person's word, TAKEN and BOUGHT closed the opportunity, REFUSED is never asked again. `before` is what
    the opportunity was, so that it comes back where the order goes. `amount` are net euros of the lines that fit, `product_ids`
    their articles.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Was this your order?")
        TAKEN = "taken", _("Won by this order")
        BOUGHT = "bought", _("Bought without a call")
        REFUSED = "refused", _("Another order")

    opportunity = models.ForeignKey("Opportunity", on_delete=models.CASCADE, related_name="order_matches")
    order_key = models.CharField(max_length=40)
    order_number = models.CharField(max_length=40)
    ordered_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    product_ids = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices)
    before = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["ordered_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "order_key"], name="order_match_once"),
            models.UniqueConstraint(fields=["opportunity"], condition=Q(state__in=["taken", "bought"]), name="order_match_closes_once"),
        ]
        indexes = [models.Index(fields=["state"], condition=Q(state="asked"), name="order_match_asked")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.order_number} {self.state}"
