"""What customers answered.

A SurveyWave ("Befragung") asks one question on one scale. A Response is one answer with a whole rating and the customer's
segments as they were when he answered, so that a later change of class or industry rewrites no past figure. A WaveTally counts
answers by a segment's value and rating: pages read it and never the answers. A ResponseImport is a list of answers that was
taken over.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from nps.querysets import ResponseQuerySet, SurveyWaveQuerySet

SHORT, LONG = 80, 200


class SurveyWave(models.Model):
    """One round of questions. The scale is fixed once answers exist: waves of different scales never share a line.

    `figures` are kept beside the tallies: what cannot be counted by segment (weighted score, reasons).
    """

    class Scale(models.IntegerChoices):
        FROM_1 = 1, _("1 to 10")
        FROM_0 = 0, _("0 to 10")

    name = models.CharField(_("name"), max_length=SHORT, unique=True)
    scale_min = models.PositiveSmallIntegerField(_("scale"), choices=Scale.choices, default=Scale.FROM_1)
    question_de = models.CharField(_("question in German"), max_length=300)
    question_en = models.CharField(_("question in English"), max_length=300)
    shows_names = models.BooleanField(_("answers with names"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)

    objects = SurveyWaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(condition=Q(scale_min__in=[0, 1]), name="wave_scale_begins_with_0_or_1"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="wave_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ratings(self) -> range:
        return range(self.scale_min, 11)

    @property
    def scale(self) -> str:
        """ "1–10"."""
        return f"{self.scale_min}–10"


class Channel(models.TextChoices):
    """How an answer came. Scores by phone run higher: channels are counted apart."""

    PHONE = "phone", _("Phone")
    LIST = "list", _("Imported list")


class Response(models.Model):
    """One answer, never edited by staff. `customer` is None where the list named nobody we know.

    The texts of the segments are those of the day of the answer, "" where unknown; `list_segment` is what an imported list
    called the group.
    """

    wave = models.ForeignKey(SurveyWave, on_delete=models.PROTECT, related_name="responses")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="nps_responses")
    rating = models.PositiveSmallIntegerField(_("rating"), validators=[MinValueValidator(0), MaxValueValidator(10)])
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    answered_on = models.DateField(_("answered on"))
    reason = models.TextField(_("reason"), blank=True)
    abc_class = models.CharField(max_length=1, blank=True)
    industry = models.CharField(max_length=SHORT, blank=True)
    region = models.CharField(max_length=4, blank=True)
    product_group = models.CharField(max_length=SHORT, blank=True)
    customer_age = models.CharField(max_length=8, blank=True)
    team = models.CharField(max_length=SHORT, blank=True)
    list_segment = models.CharField(max_length=SHORT, blank=True)
    revenue_12m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    response_import = models.ForeignKey("nps.ResponseImport", null=True, on_delete=models.PROTECT, related_name="+")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.CheckConstraint(condition=Q(rating__lte=10), name="response_rating_at_most_10")]
        indexes = [models.Index(fields=["wave", "rating"]), models.Index(fields=["customer", "-answered_on"])]

    def __str__(self) -> str:
        return f"{self.rating}"


class WaveTally(models.Model):
    """How many counted answers of a wave have this rating, within one value of one segment (`all` has the value "")."""

    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="tallies")
    dimension = models.CharField(max_length=16)
    value = models.CharField(max_length=SHORT, blank=True)
    rating = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "dimension", "value", "rating"], name="wave_tally_once")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.value} {self.rating}: {self.count}"


class ResponseImport(models.Model):
    """A list of answers that was taken over into a wave; the same bytes are taken once per wave."""

    wave = models.ForeignKey(SurveyWave, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=LONG)
    sha256 = models.CharField(max_length=64)
    taken_count = models.PositiveIntegerField()
    rejected_count = models.PositiveIntegerField()
    messages = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "sha256"], name="response_import_once")]

    def __str__(self) -> str:
        return self.file_name
