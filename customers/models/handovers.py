"""A customer in the hands of field sales: asked for, taken over, and given back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.activities import Activity
from customers.models.companies import Contact, Customer
from customers.querysets import HandoverQuerySet
from innendienst.lib.transitions import Transition


class Criterion(models.TextChoices):
    """Why a visit brings more than a call: the checklist, of which one tick is enough."""

    EXPECTS_VISIT = "expects_visit", _("The customer expects a visit")
    COMPLEX = "complex", _("Complex product")
    ON_SITE = "on_site", _("Presentation on site")
    NEW_CUSTOMER = "new_customer", _("New customer: introduce ourselves in person")
    NO_WIRE = "no_wire", _("We do not get through to him on the phone")
    HIGH_VALUE = "high_value", _("High expected value")
    KEY_CUSTOMER = "key_customer", _("A customer with a person of his own in field sales")


class Handover(models.Model):
    """Field sales is asked to go on with a customer; at most one of a customer is under way.

    `by` asked, `to` is asked and answers by `answer_by`. `visit_on` is the day agreed with the customer. When it comes back,
    `result` says what the visit brought, or why nobody goes, and `next_step` what is to be done. `activity` is the call in which it
    was asked for; `marked_wish`: that the customer wants a visit was written down with it, and goes with it.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Not answered")
        RETURNED = "returned", _("Handed back")
        DONE = "done", _("Done")

    OPEN = (State.REQUESTED, State.ACCEPTED)

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="handovers")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="handovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    criteria = models.JSONField(default=list)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    answer_by = models.DateField()
    visit_on = models.DateField(null=True, blank=True)
    result = models.TextField(blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    marked_wish = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(state__in=["requested", "accepted"]), name="handover_open_once"),
        ]
        indexes = [models.Index(fields=["to", "state"]), models.Index(fields=["by", "state"])]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.to_id} {self.state}"

    @property
    def criteria_labels(self) -> list[str]:
        return [str(Criterion(code).label) for code in self.criteria if code in Criterion.values]


class HandoverTransition(Transition):
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="transitions")
