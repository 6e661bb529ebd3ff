"""Reference customers: what they allowed, and what was made of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from customers.models import Contact, Customer
from innendienst.base.models import AppendOnlyQuerySet, StoredFile
from innendienst.lib.transitions import Transition
from referrals.querysets import Points, ReferenceQuerySet, ReferenceUseQuerySet, ReleaseScopeQuerySet


class UseKind(models.TextChoices):
    """How a reference is used."""

    LOGO = "logo", _("Logo")
    QUOTE = "quote", pgettext_lazy("reference", "Quote")
    LETTER = "letter", _("Letter of recommendation")
    SITE_VISIT = "site_visit", _("Site visit")
    REFERENCE_CALL = "reference_call", _("Reference call")
    CASE_STUDY = "case_study", _("Case study")


class Place(models.TextChoices):
    """Where a reference may be shown."""

    WEB = "web", pgettext_lazy("reference", "Web")
    PRINT = "print", pgettext_lazy("reference", "Print")
    OFFER = "offer", pgettext_lazy("reference", "Quotes to customers")
    TRADE_FAIR = "trade_fair", _("Trade fair")
    TALK = "talk", _("Personal talk")


class Outcome(models.TextChoices):
    """What a use brought."""

    HELPED = "helped", _("It helped")
    NEUTRAL = "neutral", _("No difference")
    UNHELPFUL = "unhelpful", _("It did not help")


def _rating(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class ReferenceCustomer(models.Model):
    """One per customer, from the first rating on. Ratings run 0 to 3, null while nobody has rated.

    `suitability` and `referral_potential` (0 to 100, null: not rated, or not to be asked) are kept by whoever rates and by the
    night. `asked_by` is the one person who asks, `resumes_as` the state a paused one goes back to.
    """

    class State(models.TextChoices):
        CANDIDATE = "candidate", pgettext_lazy("reference", "Candidate")
        QUALIFIED = "qualified", pgettext_lazy("reference", "Qualified")
        ASKED = "asked", pgettext_lazy("reference", "Asked")
        THINKING = "thinking", pgettext_lazy("reference", "Time to think")
        AGREED = "agreed", pgettext_lazy("reference", "Agreed")
        RELEASED = "released", pgettext_lazy("reference", "Released")
        IN_USE = "in_use", pgettext_lazy("reference", "In use")
        UNDER_REVIEW = "under_review", pgettext_lazy("reference", "Under review")
        EXPIRED = "expired", pgettext_lazy("reference", "Expired")
        DECLINED = "declined", pgettext_lazy("reference", "Declined")
        PAUSED = "paused", pgettext_lazy("reference", "Paused")
        WITHDRAWN = "withdrawn", pgettext_lazy("reference", "Withdrawn")

    USABLE = (State.RELEASED, State.IN_USE)
    ON_THE_WAY = (State.ASKED, State.THINKING, State.AGREED)

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="reference")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=State.choices, default=State.CANDIDATE)
    open_minded = _rating(_("Open-minded"))
    well_disposed = _rating(_("Well disposed"))
    well_connected = _rating(_("Well connected"))
    is_industry_leader = models.BooleanField(_("Leads its industry"), default=False)
    is_technology_leader = models.BooleanField(_("Leads in technology"), default=False)
    is_well_known = models.BooleanField(_("Well known"), default=False)
    is_strong_brand = models.BooleanField(_("Strong brand"), default=False)
    suitability = models.PositiveSmallIntegerField(null=True)
    referral_potential = models.PositiveSmallIntegerField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(null=True, blank=True)
    thinking_until = models.DateField(null=True, blank=True)
    declined_on = models.DateField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    resumes_as = models.CharField(max_length=14, choices=State.choices, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference customer")
        verbose_name_plural = _("reference customers")
        constraints = [
            models.CheckConstraint(
                condition=(Q(open_minded__isnull=True) | Q(open_minded__lte=3))
                & (Q(well_disposed__isnull=True) | Q(well_disposed__lte=3))
                & (Q(well_connected__isnull=True) | Q(well_connected__lte=3)),
                name="reference_ratings_at_most_3",
            ),
            models.CheckConstraint(condition=~Q(state="thinking") | Q(thinking_until__isnull=False), name="reference_thinks_until_a_day"),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "thinking"]) | Q(asked_by__isnull=False), name="reference_asked_by_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-suitability"]),
            models.Index(F("well_disposed").desc(), Points("suitability").desc(), F("customer").desc(), name="reference_well_disposed"),
            models.Index(Points("referral_potential").desc(), F("customer").desc(), name="reference_best_recommender"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"

    @property
    def flags_count(self) -> int:
        """How many things make him a model for others."""
        return sum([self.is_industry_leader, self.is_technology_leader, self.is_well_known, self.is_strong_brand])

    @property
    def is_usable(self) -> bool:
        return self.state in self.USABLE


class ReferenceTransition(Transition):
    """`gate_answer` is the contact gate's word where the customer was asked, `before` what an undo brings back."""

    reference = models.ForeignKey(ReferenceCustomer, on_delete=models.CASCADE, related_name="transitions")
    gate_answer = models.JSONField(default=dict)
    before = models.JSONField(default=dict)


class ReleaseScope(models.Model):
    """What the customer allows for one kind of use. Usable from `released_on` on, once the written proof lies there.

    `places` holds values of Place. `valid_until` null: until it is withdrawn.
    """

    reference = models.ForeignKey(ReferenceCustomer, on_delete=models.CASCADE, related_name="scopes")
    kind = models.CharField(max_length=16, choices=UseKind.choices)
    places = models.JSONField(default=list)
    names_person = models.BooleanField(default=False)
    no_competitors = models.BooleanField(default=False)
    per_quarter_most = models.PositiveSmallIntegerField(default=2)
    limits = models.CharField(max_length=300, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    agreed_on = models.DateField()
    proof = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    released_on = models.DateField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseScopeQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind"], condition=Q(withdrawn_at=None), name="release_scope_once_per_kind"),
            models.CheckConstraint(condition=Q(released_on__isnull=True) | Q(proof__isnull=False), name="release_scope_has_proof"),
        ]
        indexes = [models.Index(fields=["valid_until"], condition=Q(withdrawn_at=None), name="release_scope_ends")]

    def __str__(self) -> str:
        return f"{self.reference_id} {self.kind}"


class PublishedText(models.Model):
    """One version of what is published, as the customer approved it. Versions are only ever added."""

    scope = models.ForeignKey(ReleaseScope, on_delete=models.CASCADE, related_name="texts")
    version = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["scope", "version"], name="published_text_version_once")]

    def __str__(self) -> str:
        return f"{self.scope_id}.{self.version}"


class ReferenceUse(models.Model):
    """One time that a reference was used, for whom, and whether the customer has heard of it and was thanked.

    `prospect` is null where the reference was shown to many, on the web or at a fair.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="reference_uses")
    scope = models.ForeignKey(ReleaseScope, on_delete=models.PROTECT, related_name="uses")
    prospect = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=12, choices=Place.choices)
    used_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    feedback_given_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)

    objects = ReferenceUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a reference")
        verbose_name_plural = _("uses of references")
        indexes = [
            models.Index(fields=["scope", "-used_on"]),
            models.Index(fields=["used_on"], condition=Q(thanked_at=None) | Q(feedback_given_at=None), name="reference_use_owes_thanks"),
        ]

    def __str__(self) -> str:
        return f"{self.scope_id} {self.used_on:%Y-%m-%d}"
