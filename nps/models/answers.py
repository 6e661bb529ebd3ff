"""What was answered, and what it said before it was changed."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from nps.models.invitations import Invitation
from nps.models.waves import SHORT, SurveyWave
from nps.querysets import ResponseQuerySet
from nps.reasons import NO_REASON

REASON_GROUPS_LENGTH = 100


class Channel(models.TextChoices):
    """How an answer came. Scores by phone run higher: channels are counted apart."""

    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    PHONE = "phone", _("Phone")
    LIST = "list", _("Imported list")


class Response(models.Model):
    """One answer, never edited by staff. `customer` is None where the list named nobody we know, or nobody shall be named.

    What must not count (`invalid_reason`) stays where it is and is left out of every figure, but told beside it. `reason_groups`
    are what its words are about (reasons.py), kept so that they can be counted and found without reading words.

    The person is that of the invitation. An anonymous answer has no invitation, no customer, no segments and no clock time, so
    that nothing leads back. The texts of the segments are those of the day of the answer, "" where unknown; `list_segment` is
    what an imported list called the group.
    """

    class Invalid(models.TextChoices):
        TEST = "test", _("only a test")
        WRONG_PERSON = "wrong_person", _("given by somebody who was not asked")
        TWICE = "twice", _("entered twice")
        MISTYPED = "mistyped", _("mistyped when it was entered")

    wave = models.ForeignKey(SurveyWave, on_delete=models.PROTECT, related_name="responses", db_index=False)  # found by the indexes below
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.PROTECT, related_name="response")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="nps_responses", db_index=False)
    is_anonymous = models.BooleanField(default=False)
    rating = models.PositiveSmallIntegerField(_("rating"), validators=[MinValueValidator(0), MaxValueValidator(10)])
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    answered_on = models.DateField(_("answered on"))
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    reason_groups = models.CharField(max_length=REASON_GROUPS_LENGTH, default=NO_REASON)
    may_call = models.BooleanField(_("may be called about it"), null=True)
    invalid_reason = models.CharField(_("does not count"), max_length=12, choices=Invalid.choices, blank=True)
    abc_class = models.CharField(max_length=1, blank=True)
    industry = models.CharField(max_length=SHORT, blank=True)
    region = models.CharField(max_length=4, blank=True)
    product_group = models.CharField(max_length=SHORT, blank=True)
    customer_age = models.CharField(max_length=8, blank=True)
    team = models.CharField(max_length=SHORT, blank=True)
    list_segment = models.CharField(max_length=SHORT, blank=True)
    revenue_12m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey("customers.Activity", null=True, on_delete=models.PROTECT, related_name="+")
    response_import = models.ForeignKey("nps.ResponseImport", null=True, on_delete=models.PROTECT, related_name="responses")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(condition=Q(rating__lte=10), name="response_rating_at_most_10"),
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(invitation=None, customer=None, answered_at=None, recorded_by=None),
                name="response_anonymous_leads_to_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["wave", "rating"]),
            models.Index(fields=["customer", "-answered_on"]),
            models.Index(fields=["-answered_on", "-id"], name="response_last_first"),
        ]

    def __str__(self) -> str:
        return f"{self.rating}"


class ResponseChange(models.Model):
    """What an answer said before its giver changed it."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="changes")
    rating = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    may_call = models.BooleanField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.rating}"
