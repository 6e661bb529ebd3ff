"""A special campaign, what it offers, who belongs to it, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from customers.models import Customer, Product, ProductGroup
from customers.models.companies import AbcClass
from customers.querysets import CustomerLinkedQuerySet
from innendienst.base.models import AppendOnlyQuerySet
from innendienst.lib.transitions import Transition


class Campaign(models.Model):
    """One campaign. `criteria` name its target group until it is frozen; `result` keeps the figures of the last evaluation.

    Unless `is_combinable`, of several conditions for an article the best one counts. `control_share` of the target group is left
    alone, drawn by `seed`. `costs` are net euros spent beside discounts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CONCEPT = "concept", _("Concept")
        IN_APPROVAL = "in_approval", _("To be approved")
        APPROVED = "approved", pgettext_lazy("campaign", "Approved")
        RUNNING = "running", pgettext_lazy("campaign", "Running")
        ENDED = "ended", _("Ended")
        EVALUATED = "evaluated", _("Evaluated")
        CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")

    WRITABLE = (State.DRAFT, State.CONCEPT)
    OPEN = (State.APPROVED, State.RUNNING)
    """Customers are, or are about to be, spoken to; what changes in it is a new version."""
    FROZEN = (State.APPROVED, State.RUNNING, State.ENDED, State.EVALUATED)

    name = models.CharField(_("name"), max_length=80, unique=True)
    aim = models.TextField(_("aim"), blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    call_text = models.CharField(_("what to say in a call"), max_length=300, blank=True)
    letter_text = models.TextField(_("text of letter and e-mail"), blank=True)
    mail_subject = models.CharField(_("subject of letter and e-mail"), max_length=120, blank=True)
    is_combinable = models.BooleanField(_("conditions may be combined"), default=False)
    budget = models.DecimalField(_("budget (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    costs = models.DecimalField(_("costs so far (€)"), max_digits=14, decimal_places=2, default=0)
    criteria = models.JSONField(default=dict)
    control_share = models.DecimalField(max_digits=6, decimal_places=5, default=0)
    seed = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    evaluated_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def control_percent(self) -> int:
        """The share of the control group as it is chosen on the page."""
        return int(self.control_share * 100)


class CampaignTransition(Transition):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="transitions")


class OfferCondition(models.Model):
    """What a campaign offers for an article or a whole group, one row per article, discount or quantity step.

    `least_ratio` is the margin that must be left of the price (0..1). A trial of so many days ends with a follow-up.
    """

    class Kind(models.TextChoices):
        ONE_OFF_DISCOUNT = "one_off_discount", _("One-off discount")
        VOLUME_TERMS = "volume_terms", _("Volume terms")
        TRIAL = "trial", _("Trial")
        SHORT_DELIVERY = "short_delivery", _("Short-term delivery")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(ProductGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    amount_off = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    from_quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    least_ratio = models.DecimalField(max_digits=6, decimal_places=5, default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(product=None) | Q(group=None), name="condition_about_article_or_group"),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__gt=0, percent__lte=100), name="condition_percent_up_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}.{self.position} {self.kind}"


class CampaignVersion(models.Model):
    """The concept as it was approved: texts, days and conditions. What changes later is the next version."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="campaign_version_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.number}"


class MemberQuerySet(CustomerLinkedQuerySet):
    def targeted(self):
        """Those whom the campaign speaks to. Who is in the control group is nobody's to read."""
        return self.filter(part=CampaignMember.Part.TARGET, customer__merged_into=None)


class CampaignMember(models.Model):
    """A customer in or out of the frozen target group. `revenue` and `margin` are those of the window, by the last evaluation."""

    class Part(models.TextChoices):
        TARGET = "target", _("target group")
        CONTROL = "control", _("control group")
        EXCLUDED = "excluded", _("excluded")

    class Reason(models.TextChoices):
        STOPPED = "stopped", _("delivery or dunning stop")
        BLOCK = "block", _("do-not-contact or objection")
        COMPLAINT = "complaint", _("open complaint")
        CONTACTED = "contacted", _("contacted within 30 days")
        NO_CHANNEL = "no_channel", _("neither phone number nor address")
        NO_BASIS = "no_basis", _("no legal basis")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, choices=Part.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    abc_class = models.CharField(max_length=1, choices=AbcClass.choices)
    by_phone = models.BooleanField(default=False)
    by_letter = models.BooleanField(default=False)
    lettered_on = models.DateField(null=True)
    mailed_on = models.DateField(null=True)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    margin = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    orders_count = models.PositiveIntegerField(default=0)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="campaign_member_once")]
        indexes = [models.Index(fields=["campaign", "part"])]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.customer_id} {self.part}"
