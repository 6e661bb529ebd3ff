"""Answers that somebody has to follow up."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from customers.models import Activity, Complaint, Customer
from innendienst.lib.transitions import Transition
from nps.models.answers import Response
from nps.querysets import CaseQuerySet


class Case(models.Model):
    """A critical or lukewarm answer, to be talked about with its giver by `due_on`."""

    class Kind(models.TextChoices):
        DETRACTOR = "detractor", _("Critical answer")
        PASSIVE = "passive", _("Passive answer")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("case", "Open")
        CONTACTED = "contacted", pgettext_lazy("case", "Contacted")
        CLOSED = "closed", pgettext_lazy("case", "Closed")

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="case")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="nps_cases")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    opened_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True)
    activity = models.ForeignKey(Activity, null=True, on_delete=models.PROTECT, related_name="+")
    complaint = models.ForeignKey(Complaint, null=True, on_delete=models.PROTECT, related_name="nps_cases")

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [models.Index(fields=["customer", "state"]), models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.state}"


class CaseTransition(Transition):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="transitions")
