"""Why we call.

An Opportunity is one reason to call a customer: a suggestion computed from his purchases, with its articles as
OpportunityItems, until somebody answers it; from then on it has a state of its own. An OpportunityAnswer is what a call
brought for it, a Quote what was offered in writing, an OrderMatch an order of the ERP that fits it. A CallListRow sums up
what speaks for calling a customer, a DayListRow is his place on one person's list of one day. A WinRate remembers how often
each kind of reason was won. A LearnedNeed says how likely a customer is to buy an article soon, as all order lines together
teach it, a MeanNeed what is usual.

What people plan stands in packages of its own: measures/ (a Measure with owner, days and goals), plans/ (the planning template)
and special/ (a Campaign with its conditions and members).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.measures.models import Measure, MeasureTransition  # noqa: F401 - Django looks for tables here
from campaigns.plans.models import SalesPlan, SalesPlanCell, SalesPlanRow, SalesPlanSnapshot  # noqa: F401
from campaigns.querysets import CallListQuerySet, DayListQuerySet, OpportunityQuerySet
from campaigns.special.models import Campaign, CampaignMember, CampaignTransition, CampaignVersion, OfferCondition  # noqa: F401
from customers.models import Activity, Customer, Handover, Product, ProductGroup
from customers.models.companies import AbcClass
from customers.querysets import CustomerLinkedQuerySet
from innendienst.base.models import AppendOnlyQuerySet, StoredFile
from innendienst.lib.transitions import Transition


class Kind(models.TextChoices):
    """Why a customer is called; the order is that of urgency on the screen."""

    LAST_CALL = "last_call", _("Last call")
    REORDER = "reorder", _("Reorder")
    AFTER_SALES = "after_sales", _("After-sales")
    UP_SELL = "up_sell", _("Up-selling")
    CROSS_SELL = "cross_sell", _("Cross-selling")
    CAMPAIGN = "campaign", _("Campaign")
    WIN_BACK = "win_back", _("Win back")
    SATISFACTION = "satisfaction", _("Satisfaction")


class LostReason(models.TextChoices):
    PRICE = "price", _("Price")
    COMPETITOR = "competitor", _("Competitor")
    TIMING = "timing", _("Timing")
    NO_NEED = "no_need", _("No need")
    UNREACHABLE = "unreachable", _("Unreachable")
    NO_CONTACT = "no_contact", _("No contact wanted")
    BUYS_ITSELF = "buys_itself", _("Orders by itself")
    WRONG_DATA = "wrong_data", _("Data are wrong")
    NOT_SUITABLE = "not_suitable", _("Not suitable")


class ReopenReason(models.TextChoices):
    """Why a closed opportunity is taken up again."""

    MISTAKE = "mistake", _("Closed by mistake")
    ASKED_AGAIN = "asked_again", _("Customer asked again")
    CHANGED = "changed", _("Circumstances have changed")


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
        return self.facts.get("articles_count", 0) - self.facts.get("falling_count", 0) if self.kind == Kind.REORDER else 0

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


class Quote(models.Model):
    """What was offered in writing: one row per version, each as it was sent. A correction is the next version.

    `file` is the letter itself where somebody laid it in; quotes are written in the ERP.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="quotes")
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

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="order_matches")
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


class WinRate(models.Model):
    """How often a kind of reason was won with customers of an ABC class; counted by the nightly recompute."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    abc_class = models.CharField(max_length=1, choices=AbcClass.choices)
    wins_count = models.PositiveIntegerField()
    closed_count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "abc_class"], name="win_rate_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.abc_class} {self.wins_count}/{self.closed_count}"


class LearnedNeed(models.Model):
    """How likely a customer is to buy a product within the next 30 days, learnt at night from the order lines of all.

    `because` is null for what he bought before. For a product new to him it is what he has that speaks most for it: of its
    `owners_count` buyers `together_count` have both, `lift` times as many as among all customers.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    need = models.DecimalField(max_digits=6, decimal_places=5)
    because = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    together_count = models.PositiveIntegerField(null=True)
    owners_count = models.PositiveIntegerField(null=True)
    lift = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "product"], name="learned_need_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} × {self.product_id} {self.need}"


class MeanNeed(models.Model):
    """The mean of the learned needs: of what was bought before, of what would be new, and of what a pair speaks for among that."""

    class Kind(models.TextChoices):
        AGAIN = "again"
        NEW = "new"
        PAIR = "pair"

    kind = models.CharField(max_length=5, primary_key=True, choices=Kind)
    mean = models.DecimalField(max_digits=6, decimal_places=5)

    def __str__(self) -> str:
        return f"{self.kind} {self.mean}"


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
