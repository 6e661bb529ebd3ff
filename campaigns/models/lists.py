"""Who is called next: all who may be, and a person's list of a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.kinds import Kind
from campaigns.querysets import CallListQuerySet, DayListQuerySet
from customers.models import Customer


class CallListRow(models.Model):
    """What speaks for calling a customer, in one row: kinds best first, their value, and from which day he may be called.

    `kinds` are rows [kind, number of articles, rounded value]; a customer without a reason or whom nobody may call has no row.
    `rank_value` is what the call itself is expected to bring: each reason counts by the chance that the call matters now.
    `lead` is what brings most of it: kinds for which a day's list has places of their own (campaigns/quotas.py), or another.
    """

    class Lead(models.TextChoices):
        REORDER = Kind.REORDER.value, Kind.REORDER.label
        CROSS_SELL = Kind.CROSS_SELL.value, Kind.CROSS_SELL.label
        OTHER = "other", _("Other")

    customer = models.OneToOneField(Customer, primary_key=True, on_delete=models.CASCADE, related_name="call_list_row")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    rank_value = models.DecimalField(max_digits=14, decimal_places=2)
    lead = models.CharField(max_length=12, choices=Lead.choices, default=Lead.OTHER)
    kinds = models.JSONField()
    callable_from = models.DateField()

    objects = CallListQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "lead", "-rank_value"], name="call_list_by_lead")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.rank_value}"


class DayListRow(models.Model):
    """A customer on one person's list of one day. Drawn once in the morning; urgent ones are added on top as "new".

    A row that a call closed, one's own or a colleague's, remembers since when and what it was before.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        NOT_TODAY = "not_today", _("not today")

    class Source(models.TextChoices):
        FOLLOW_UP = "follow_up", _("Follow-up")
        OWN = "own", _("own customer")
        POOL = "pool", _("from the pool")
        ADDED = "added", _("added")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    position = models.SmallIntegerField()
    source = models.CharField(max_length=10, choices=Source.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    added_at = models.DateTimeField(auto_now_add=True)
    is_new = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    state_before = models.CharField(max_length=10, choices=State.choices, blank=True)

    objects = DayListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "customer"], name="day_list_once"),
            models.UniqueConstraint(fields=["day", "customer"], condition=Q(source="pool"), name="day_list_pool_customer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.customer_id}"
