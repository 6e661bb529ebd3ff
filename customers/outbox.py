"""The outbox: a mail is decided in a transaction and sent by a worker, once.

A sender claims a message by a lease, renders it, hands it over and marks it sent. Killed before the hand-over, it is sent by
the next one; killed after it, it is sent once more with the same Message-ID ("unsure"), so that a mail is never lost and a
repeat can be recognised. A message that failed or killed its sender ATTEMPTS_MOST times ends as "failed", for the
administration to see. Texts are rendered at sending: until then a message holds facts only.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, make_msgid
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise

from customers.models import Message
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob

LEASE = dt.timedelta(seconds=60)
ATTEMPTS_MOST = 8

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str


Renderer = Callable[[Message], Mail | None]

_renderers: dict[str, Renderer] = {}
_names: dict[str, str | Promise] = {}


def register(kind: str, renderer: Renderer, *, name: str | Promise = "") -> None:
    """Say which function writes mails of a kind, and what they are called on the screen.

    The function answers None when the reason for the mail is gone.
    """
    _renderers[kind], _names[kind] = renderer, name


def words(kind: str) -> str:
    """The kind as the administration reads it."""
    return str(_names.get(kind) or kind)


@transaction.atomic
def queue_message(*, kind: str, key: str, user, not_before: dt.datetime | None = None, **facts) -> Message | None:
    """Put a mail to one of us into the outbox; None when there is one with this key already."""
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "user": user,
            "facts": facts,
            "not_before": not_before,
            "message_id": make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")),
        },
    )
    if is_new:
        jobs.request("send_mail")
    return message if is_new else None


def send_waiting(job: RunningJob) -> None:
    """Handler of `send_mail`: send what is due, message by message."""
    _give_up(timezone.now())
    while message := _claim_next():
        _send(message)
        job.step()


def ask_for_sender(now: dt.datetime) -> None:
    """Each minute: have waiting and orphaned messages sent although nobody asked."""
    if Message.objects.sendable(now).exists():
        jobs.request("send_mail")


def _claim_next() -> Message | None:
    now = timezone.now()
    for message in Message.objects.sendable(now).order_by("pk")[:20]:
        state = Message.State.SENDING if message.state == Message.State.QUEUED else Message.State.UNSURE
        free = Message.objects.sendable(now).filter(pk=message.pk, attempts=message.attempts)
        if free.update(state=state, lease_until=now + LEASE, attempts=message.attempts + 1):
            message.refresh_from_db()
            return message
    return None


def _give_up(now: dt.datetime) -> None:
    """End those whose last permitted sender died: nobody was left to put them back."""
    spent = Message.objects.sendable(now).filter(attempts__gte=ATTEMPTS_MOST)
    if spent.update(state=Message.State.FAILED, lease_until=None):
        logger.error("Messages given up: their senders died %s times", ATTEMPTS_MOST)


def _send(message: Message) -> None:
    try:
        mail = _render(message)
        if mail is None:
            _leave(message, Message.State.DROPPED)
            return
        EmailMessage(mail.subject, mail.text, to=[message.user.email], headers={"Message-ID": message.message_id}).send()
    except Exception:  # one bad message must not hold up the others; its attempts are counted
        logger.exception("Message %s not sent", message.pk)
        _put_back(message)
        return
    _leave(message, Message.State.SENT, sent_at=timezone.now())


def _render(message: Message) -> Mail | None:
    if not (message.user.is_active and message.user.email):
        return None
    with translation.override(message.user.language):
        return _renderers[message.kind](message)


def _leave(message: Message, state: str, **values) -> None:
    Message.objects.filter(pk=message.pk, attempts=message.attempts).update(state=state, lease_until=None, **values)


def _put_back(message: Message) -> None:
    if message.attempts >= ATTEMPTS_MOST:
        _leave(message, Message.State.FAILED)
    else:
        _leave(message, Message.State.QUEUED, not_before=timezone.now() + LEASE * message.attempts)
