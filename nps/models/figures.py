"""Kept sums, and the lists that answers came from."""

from django.conf import settings
from django.db import models

from nps.models.waves import LONG, SHORT, SurveyWave


class WaveTally(models.Model):
    """How many counted answers of a wave have this rating, within one value of one segment (`all` has the value "").

    `weight` and `weight_squares` are the sums of their weights by revenue and of the squares of these (tallies.py).
    """

    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="tallies")
    dimension = models.CharField(max_length=16)
    value = models.CharField(max_length=SHORT, blank=True)
    rating = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    weight = models.FloatField(default=0)
    weight_squares = models.FloatField(default=0)

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
