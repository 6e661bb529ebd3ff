"""The outbox: a mail is decided in a transaction and sent by a worker, once.

A sender claims a message by a lease, renders it, hands it over and marks it sent. Killed before the hand-over, it is sent by
the next one; killed after it, it is sent once more with the same Message-ID ("unsure"), so that a mail is never lost and a
repeat can be recognised. A message that failed or killed its sender ATTEMPTS_MOST times ends as "failed", for the
administration to see. Texts are rendered at sending: until then a message holds facts only.

A mail to a customer's person needs the gate's answer to get in, and the gate is asked again before it leaves. Who queued it hears
how it ended (`register(…, ended=…)`), in the transaction that writes it down.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, make_msgid
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.models import User
from customers.gate import GateAnswer, Purpose, may_contact
from customers.models import Contact, Message
from customers.models.permissions import Channel
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob

LEASE = dt.timedelta(seconds=60)
ATTEMPTS_MOST = 8
_REFUSED_FOR_GOOD = 500
_BATCH = 1_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class MailRefused(ValueError):
    """The gate does not allow this mail; nothing was written."""


Renderer = Callable[[Message], Mail | None]
Ended = Callable[[Message], None]

_renderers: dict[str, Renderer] = {}
_ended: dict[str, Ended] = {}
_names: dict[str, str | Promise] = {}


def register(kind: str, renderer: Renderer, *, name: str | Promise = "", ended: Ended | None = None) -> None:
    """Say which function writes mails of a kind, and what they are called on the screen.

    The function answers None when the reason for the mail is gone. `ended` hears of a mail in its last state; it must bear
    hearing it twice.
    """
    _renderers[kind], _names[kind] = renderer, name
    if ended is not None:
        _ended[kind] = ended


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
            "message_id": _message_id(),
        },
    )
    if is_new:
        jobs.request("send_mail")
    return message if is_new else None


def mail_to_person(
    *, kind: str, key: str, contact: Contact, purpose: Purpose, gate_answer: GateAnswer, not_before: dt.datetime | None = None, **facts
) -> Message:
    """A mail to a customer's person, not stored yet: `queue_all` takes it. Raises MailRefused without the gate's allowed answer."""
    if not gate_answer.is_allowed:
        raise MailRefused(gate_answer.rule)
    return Message(
        key=key, kind=kind, contact=contact, purpose=purpose, gate_answer=gate_answer.on_record(), facts=facts,
        not_before=not_before, message_id=_message_id(),
    )  # fmt: skip


@transaction.atomic
def queue_all(messages: Iterable[Message]) -> None:
    """Put mails to persons into the outbox; one whose key is known already is that one."""
    Message.objects.bulk_create(messages, batch_size=_BATCH, ignore_conflicts=True)
    jobs.request("send_mail")


def _message_id() -> str:
    return make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">"))


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
        headers = {**mail.headers, "Message-ID": message.message_id}
        EmailMessage(mail.subject, mail.text, to=[_recipient(message).email], headers=headers).send()
    except SMTPRecipientsRefused as refusal:
        if all(code >= _REFUSED_FOR_GOOD for code, _said in refusal.recipients.values()):
            _leave(message, Message.State.REFUSED)
        else:
            _put_back(message)
        return
    except Exception:  # one bad message must not hold up the others; its attempts are counted
        logger.exception("Message %s not sent", message.pk)
        _put_back(message)
        return
    _leave(message, Message.State.SENT, sent_at=timezone.now())


def _render(message: Message) -> Mail | None:
    if not _recipient(message).email or not _is_still_allowed(message):
        return None
    with translation.override(_recipient(message).language):
        return _renderers[message.kind](message)


def _recipient(message: Message) -> User | Contact:
    return message.contact or message.user


def _is_still_allowed(message: Message) -> bool:
    """One of us as long as he works here, a customer's person as long as the gate says so; its last word stays with the mail."""
    if message.contact is None:
        return message.user.is_active
    answer = may_contact(message.contact, Channel.EMAIL, Purpose(message.purpose), timezone.localdate())
    message.gate_answer = answer.on_record()
    Message.objects.filter(pk=message.pk).update(gate_answer=message.gate_answer)
    return answer.is_allowed


@transaction.atomic
def _leave(message: Message, state: str, **values) -> None:
    left = Message.objects.filter(pk=message.pk, attempts=message.attempts).update(state=state, lease_until=None, **values)
    ended = _ended.get(message.kind)
    if left and ended and state != Message.State.QUEUED:
        message.state = state
        ended(message)


def _put_back(message: Message) -> None:
    if message.attempts >= ATTEMPTS_MOST:
        _leave(message, Message.State.FAILED)
    else:
        _leave(message, Message.State.QUEUED, not_before=timezone.now() + LEASE * message.attempts)
