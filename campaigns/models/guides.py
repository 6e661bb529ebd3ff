"""What the house says in calls."""

from django.db import models
from django.db.models import Q

from campaigns.models.kinds import Kind
from customers.models import ProductGroup


class CallGuide(models.Model):
    """What to say for a kind of reason, in one language; with a group, for articles of that product group alone.

    `texts` holds only what differs from the texts that hold otherwise (campaigns/guide), by part. They are the house's words:
    placeholders stand for everything about a customer.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    group = models.ForeignKey(ProductGroup, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5)
    texts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], condition=Q(group=None), name="call_guide_once_per_kind"),
            models.UniqueConstraint(fields=["kind", "language", "group"], name="call_guide_once_per_group"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.group_id or ''} {self.language}"
