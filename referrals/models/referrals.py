"""Recommenders, and the people they name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from customers.models import Activity, Contact, Customer
from customers.querysets import CustomerLinkedQuerySet
from innendienst.lib.transitions import Transition
from referrals.querysets import ReferralQuerySet


class Knows(models.TextChoices):
    """What the contact knows of being named: the four choices of the legal check, in words that anybody understands."""

    ASKED_FOR_CALL = "asked_for_call", _("asked for a call")
    KNOWS = "knows", _("knows about it")
    KNOWS_NOT = "knows_not", _("does not know about it")
    UNCLEAR = "unclear", pgettext_lazy("legal check", "unclear")


class Recommender(models.Model):
    """A person who recommends us. `may_name_me`: whether he allows his name to be used, null while nobody has asked."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="recommenders")
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="recommender")
    may_name_me = models.BooleanField(null=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommender")
        verbose_name_plural = _("recommenders")

    def __str__(self) -> str:
        return str(self.contact_id)


class ReferralContact(models.Model):
    """Somebody whom a recommender named: a `contact` of a `customer` that is a lead until it buys.

    `phone` is kept here, as typed, until there is a basis to use it; only then does it go to the contact, where everybody sees
    it. `topic` is what he might be interested in, `legal_note` why a call is allowed. `customer` may have been one before.
    """

    class State(models.TextChoices):
        NAMED = "named", pgettext_lazy("referral", "Named")
        LEGAL_CHECK = "legal_check", pgettext_lazy("referral", "Legal check")
        CLEARED = "cleared", pgettext_lazy("referral", "Call allowed")
        LETTER_ONLY = "letter_only", pgettext_lazy("referral", "Letter only")
        BLOCKED = "blocked", pgettext_lazy("referral", "Blocked")
        FIRST_CONTACT = "first_contact", pgettext_lazy("referral", "First contact")
        IN_TALKS = "in_talks", pgettext_lazy("referral", "In talks")
        CUSTOMER_WON = "customer_won", pgettext_lazy("referral", "New customer")
        NOT_INTERESTED = "not_interested", pgettext_lazy("referral", "Not interested")
        ERASED = "erased", pgettext_lazy("referral", "Erased")

    class Source(models.TextChoices):
        NAMED = "named", _("named by the recommender")
        INBOUND = "inbound", _("came to us by himself")

    OPEN = (State.NAMED, State.LEGAL_CHECK, State.CLEARED, State.LETTER_ONLY, State.FIRST_CONTACT, State.IN_TALKS)
    UNTOUCHED = (State.NAMED, State.LEGAL_CHECK, State.CLEARED, State.LETTER_ONLY)
    WITHOUT_RESULT = (*UNTOUCHED, State.BLOCKED, State.FIRST_CONTACT, State.NOT_INTERESTED)
    KNOWN_BY_NAMING = "referral:"
    """How the source of a person begins who came on record by being named."""

    recommender = models.ForeignKey(Recommender, on_delete=models.PROTECT, related_name="referrals")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="referrals")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=16, choices=State.choices, default=State.NAMED)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.NAMED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_on = models.DateField()
    topic = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    knows = models.CharField(max_length=16, choices=Knows.choices, blank=True)
    legal_note = models.CharField(max_length=300, blank=True)
    may_report_outcome = models.BooleanField(default=False)
    first_contact_on = models.DateField(null=True, blank=True)
    art14_informed_at = models.DateTimeField(null=True, blank=True)
    recommender_informed_at = models.DateTimeField(null=True, blank=True)
    won_on = models.DateField(null=True, blank=True)
    recommender_thanked_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral contact")
        verbose_name_plural = _("referral contacts")
        constraints = [
            models.UniqueConstraint(fields=["recommender", "contact"], name="referral_once_per_recommender"),
            models.CheckConstraint(condition=~Q(state="customer_won") | Q(won_on__isnull=False), name="referral_won_on_a_day"),
        ]
        indexes = [models.Index(fields=["state", "named_on"])]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.state}"

    @property
    def is_known_by_naming(self) -> bool:
        return self.contact.source.startswith(self.KNOWN_BY_NAMING)


class ReferralTransition(Transition):
    """`gate_answer` is the contact gate's word on a first contact, `activity` the call it was."""

    referral = models.ForeignKey(ReferralContact, on_delete=models.CASCADE, related_name="transitions")
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="+")
    gate_answer = models.JSONField(default=dict)


class Thanks(models.Model):
    """How we thanked a person; the value of gifts adds up per recipient and business year."""

    class How(models.TextChoices):
        CALL = "call", _("by phone")
        LETTER = "letter", _("by letter")
        VISIT = "visit", _("in person")
        GIFT = "gift", _("with a gift")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="thanks")
    use = models.ForeignKey("referrals.ReferenceUse", null=True, on_delete=models.PROTECT, related_name="thanks")
    referral = models.ForeignKey(ReferralContact, null=True, on_delete=models.PROTECT, related_name="thanks")
    how = models.CharField(max_length=8, choices=How.choices)
    value = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    given_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        constraints = [models.CheckConstraint(condition=Q(use__isnull=False) | Q(referral__isnull=False), name="thanks_for_something")]

    def __str__(self) -> str:
        return f"{self.how} {self.given_on:%Y-%m-%d}"
