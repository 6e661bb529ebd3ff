"""The outbox: mail that is decided in a transaction and sent by a worker afterwards."""

from django.conf import settings
from django.db import models

from customers.querysets import MessageQuerySet


class Message(models.Model):
    """A mail to be sent once. It holds facts, not text: it is rendered when it is sent.

    `message_id` is fixed when the row is made, so that a mail repeated after a killed sender is recognised as the same.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        UNSURE = "unsure"
        SENT = "sent"
        DROPPED = "dropped"
        FAILED = "failed"

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"])]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"
