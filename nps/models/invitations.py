"""Whom a survey asks, and why not."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from customers.models import Contact, Customer
from customers.models.permissions import Channel
from nps.models.waves import SurveyWave
from nps.querysets import InvitationQuerySet


class Invitation(models.Model):
    """One person of a wave's population; `contact` is None where a company has nobody by name.

    `by_email`, `by_letter`, `by_phone` say which ways the gate and the address left open when the sample was drawn, `channel`
    which of them is taken. The link to the answer page is made from row and `nonce` (tokens.py); stored is only its hash.
    """

    class State(models.TextChoices):
        ELIGIBLE = "eligible", pgettext_lazy("invitation", "Eligible")
        EXCLUDED = "excluded", pgettext_lazy("invitation", "Excluded")
        QUEUED = "queued", pgettext_lazy("invitation", "Being sent")
        SENT = "sent", pgettext_lazy("invitation", "Sent")
        REMINDED = "reminded", pgettext_lazy("invitation", "Reminded")
        RESPONDED = "responded", pgettext_lazy("invitation", "Answered")
        EXPIRED = "expired", pgettext_lazy("invitation", "Expired")
        BOUNCED = "bounced", pgettext_lazy("invitation", "Undeliverable")
        OBJECTED = "objected", pgettext_lazy("invitation", "Objected")

    class Exclusion(models.TextChoices):
        COLLECTIVE = "collective", _("collective account")
        OBJECTION = "objection", _("objected to advertising")
        BLOCK = "block", _("do not contact")
        COMPLAINT = "complaint", _("open complaint")
        RESTED = "rested", _("asked recently")
        ELSEWHERE = "elsewhere", _("asked by another survey that runs")
        NO_WAY = "no_way", _("no way is both known and allowed")
        NOT_DRAWN = "not_drawn", _("not drawn")

    PLANNED = (State.ELIGIBLE, State.QUEUED)
    """Those who are still to be asked."""
    WAITING = (State.ELIGIBLE, State.QUEUED, State.SENT, State.REMINDED)
    """Those who may still answer."""
    ASKED = (State.SENT, State.REMINDED, State.RESPONDED, State.EXPIRED)

    # Their indexes are those below, which begin with them: each change of state writes into every index of the row.
    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="invitations", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="nps_invitations", db_index=False)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="nps_invitations", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ELIGIBLE)
    exclusion = models.CharField(max_length=12, choices=Exclusion.choices, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    by_email = models.BooleanField(default=False)
    by_letter = models.BooleanField(default=False)
    by_phone = models.BooleanField(default=False)
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - whoever is not asked has none, and "" would clash
    gate_answer = models.JSONField(default=dict)
    sent_on = models.DateField(_("sent"), null=True)
    reminded_on = models.DateField(_("reminded"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["wave", "contact"], condition=~Q(contact=None), name="invitation_once_per_person"),
            models.UniqueConstraint(fields=["wave", "customer"], condition=Q(contact=None), name="invitation_once_per_company"),
            models.UniqueConstraint(fields=["token_hash"], name="invitation_link_once"),
        ]
        indexes = [
            models.Index(fields=["wave", "state", "channel"]),
            models.Index(fields=["customer", "state"]),
            models.Index(fields=["contact", "sent_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.pk} {self.state}"


class GuessCount(models.Model):
    """How many links that lead nowhere one address asked for within a minute; the address is hashed with our key."""

    key = models.CharField(max_length=80, unique=True)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.count}"
