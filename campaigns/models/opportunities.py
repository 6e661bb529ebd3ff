"""A reason to call from its suggestion to its end, its articles, its steps, and what calls brought for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.kinds import Kind, LostReason, due_count
from campaigns.models.orders import OrderMatch
from campaigns.querysets import OpportunityQuerySet
from campaigns.special.models import Campaign
from customers.models import Activity, Customer, Handover, Product
from innendienst.lib.transitions import Transition


class Opportunity(models.Model):
    """One reason to call. `facts` hold dates, counts and ids; campaigns/evidence.py makes the sentence from them.

    `rank_value` (never null) orders: expected margin, else expected revenue × the group's assumed ratio, each × p_win ×
    urgency. Expected values are net euros before p_win and urgency. `opened_on` is the day on which somebody took it up or
    opened it again, `talked_on` that of the first talk about it since; orders before these days have nothing to do with it.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        PLANNED = "planned", _("Planned")
        CONTACTED = "contacted", _("Contacted")
        INTERESTED = "interested", _("Interested")
        OFFERED = "offered", _("Offered")
        HANDOVER_REQUESTED = "handover_requested", _("Hand-over requested")
        WITH_FIELD_SALES = "with_field_sales", _("With field sales")
        RETURNED = "returned", _("Back in inside sales")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        DISMISSED = "dismissed", _("Does not fit")
        EXPIRED = "expired", _("Expired")

    COMPUTED = models.Q(state="suggested") | models.Q(state="expired", is_bought_unasked=True)
    """Nobody has answered them: they hold nothing back that is to go."""
    OPEN = (State.SUGGESTED, State.PLANNED, State.CONTACTED, State.INTERESTED, State.OFFERED, State.RETURNED)
    CLOSED = (State.WON, State.LOST, State.DISMISSED, State.EXPIRED)

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="opportunities")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_key = models.CharField(max_length=60, default="-")
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities")
    state = models.CharField(max_length=20, choices=State.choices, default=State.SUGGESTED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    rank_value = models.DecimalField(max_digits=14, decimal_places=2)
    expected_revenue = models.DecimalField(max_digits=14, decimal_places=2)
    expected_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    p_win = models.DecimalField(max_digits=6, decimal_places=5)
    urgency = models.DecimalField(max_digits=3, decimal_places=1, default=1)
    suggested_on = models.DateField()
    opened_on = models.DateField(null=True, blank=True)
    talked_on = models.DateField(null=True, blank=True)
    deadline_on = models.DateField(null=True, blank=True)
    rests_until = models.DateField(null=True, blank=True)
    tries_count = models.PositiveSmallIntegerField(default=0)
    won_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    won_on = models.DateField(null=True, blank=True)
    order_number = models.CharField(max_length=40, blank=True)
    is_bought_unasked = models.BooleanField(default=False)
    handover = models.ForeignKey(Handover, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities")
    lost_reason = models.CharField(max_length=16, choices=LostReason.choices, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "subject_key"], condition=Q(state="suggested"), name="opportunity_suggested_once_per_kind"
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "subject_key"],
                condition=Q(
                    state__in=["planned", "contacted", "interested", "offered", "handover_requested", "with_field_sales", "returned"]
                ),
                name="opportunity_open_once_per_subject",
            ),
            models.CheckConstraint(
                condition=~Q(state="won") | Q(won_amount__isnull=False, won_amount__gt=0, won_on__isnull=False),
                name="opportunity_won_has_amount",
            ),
            models.CheckConstraint(condition=~Q(state="lost") | ~Q(lost_reason=""), name="opportunity_lost_has_reason"),
        ]
        indexes = [
            models.Index(fields=["customer", "state"]),
            models.Index(fields=["kind", "state"]),
            models.Index(
                models.F("rank_value").desc(),
                models.F("id").desc(),
                condition=~Q(state__in=["won", "lost", "dismissed", "expired"]),
                name="opportunity_open_by_value",
            ),
        ]

    @property
    def due_count(self) -> int:
        """How many articles run out, none where a quantity merely falls; 0 for what is no reorder."""
        return due_count(self.kind, self.facts)

    @property
    def is_due_reorder(self) -> bool:
        """Whether contact pressure spares it (domain guide U-7)."""
        return self.due_count > 0

    @property
    def state_label(self) -> str:
        """The state in words; what the customer bought of himself is no suggestion that ran out."""
        return str(OrderMatch.State.BOUGHT.label if self.is_bought_unasked else self.get_state_display())

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_state_display()}"


class OpportunityItem(models.Model):
    """One article of an opportunity, best first by `position`."""

    COMPUTED = models.Q(opportunity__state="suggested") | models.Q(opportunity__is_bought_unasked=True)

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)
    expected_revenue = models.DecimalField(max_digits=14, decimal_places=2)
    expected_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "product"], name="opportunity_item_once")]

    def __str__(self) -> str:
        return f"{self.opportunity_id}.{self.position}"


class OpportunityTransition(Transition):
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="transitions")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="opportunity_transitions")


class OpportunityAnswer(models.Model):
    """What one call brought for one reason; `before` is what the opportunity was, so that undoing restores exactly that."""

    class Answer(models.TextChoices):
        NOT_DISCUSSED = "not_discussed", _("Not discussed")
        NOT_REACHED = "not_reached", _("Not reached")
        CONTACTED = "contacted", _("Discussed")
        WON = "won", _("Won")
        INTERESTED = "interested", _("Interested")
        LATER = "later", _("Later")
        PLANNED = "planned", _("Planned")
        OFFERED = "offered", _("Quote")
        HANDED_OVER = "handed_over", _("Handed over to field sales")
        LOST = "lost", _("No need")
        DISMISSED = "dismissed", _("Does not fit")

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="answers")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="opportunity_answers")
    answer = models.CharField(max_length=14, choices=Answer.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.CharField(max_length=16, choices=LostReason.choices, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "activity"], name="opportunity_answered_once_per_call")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.answer}"
