"""A survey and the way it goes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from innendienst.lib.transitions import Transition
from nps.querysets import SurveyWaveQuerySet

SHORT, LONG = 80, 200


class SurveyWave(models.Model):
    """One round of questions. The scale is fixed once answers exist: waves of different scales never share a line.

    `rule` says who is asked (sampling.py), `sampled_at` when that was last drawn. `figures` are kept beside the tallies: what
    cannot be counted by segment (weighted score, reasons), and how many were asked. A list that was read in is a closed wave.
    """

    class Kind(models.TextChoices):
        RELATIONSHIP = "relationship", _("Relationship: the whole company, once or twice a year")
        TRANSACTIONAL = "transactional", _("Occasion: after a delivery, a complaint, a training")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("survey", "Draft")
        SCHEDULED = "scheduled", pgettext_lazy("survey", "Scheduled")
        OPEN = "open", pgettext_lazy("survey", "Running")
        CLOSED = "closed", pgettext_lazy("survey", "Closed")
        EVALUATED = "evaluated", pgettext_lazy("survey", "Evaluated")

    class Scale(models.IntegerChoices):
        FROM_1 = 1, _("1 to 10")
        FROM_0 = 0, _("0 to 10")

    NOT_BEGUN = (State.DRAFT, State.SCHEDULED)

    name = models.CharField(_("name"), max_length=SHORT, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.RELATIONSHIP)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CLOSED)
    version = models.PositiveIntegerField(default=1)
    scale_min = models.PositiveSmallIntegerField(_("scale"), choices=Scale.choices, default=Scale.FROM_1)
    question_de = models.CharField(_("question in German"), max_length=300)
    question_en = models.CharField(_("question in English"), max_length=300)
    shows_names = models.BooleanField(_("answers with names"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    rule = models.JSONField(default=dict)
    sampled_at = models.DateTimeField(null=True)
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

    def get_absolute_url(self) -> str:
        return reverse("nps:wave", args=[self.pk])

    @property
    def ratings(self) -> range:
        return range(self.scale_min, 11)

    @property
    def scale(self) -> str:
        """ "1–10"."""
        return f"{self.scale_min}–10"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def question(self, language: str) -> str:
        return self.question_en if language == "en" else self.question_de


class WaveTransition(Transition):
    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="transitions")
