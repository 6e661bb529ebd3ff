"""The outbox: mail that is decided in a transaction and sent by a worker afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.companies import Contact
from customers.querysets import MessageQuerySet


class Message(models.Model):
    """A mail to be sent once, to one of us or to a customer's person. It holds facts, not text: it is rendered when it is sent.

    A mail to a person carries the gate's answer and its purpose: the gate is asked again when it is sent.

    `message_id` is fixed when the row is made, so that a mail repeated after a killed sender is recognised as the same.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        UNSURE = "unsure", _("being sent again")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("no longer needed")
        FAILED = "failed", _("failed")
        REFUSED = "refused", _("refused by the recipient's server")

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("to"), null=True, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, verbose_name=_("contact"), null=True, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12, blank=True)
    gate_answer = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    message_id = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(_("queued"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, contact=None) | Q(user=None, contact__isnull=False), name="message_to_one_of_us_or_a_person"
            )
        ]
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"
