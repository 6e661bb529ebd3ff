"""The outbox sends once: twice asked, killed in between, refused by the mail server."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from customers import outbox
from customers.models import Message
from customers.outbox import Mail, queue_message
from innendienst.base import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _renderer(monkeypatch):
    monkeypatch.setitem(outbox._renderers, "hello", lambda message: Mail("Hallo", f"Guten Tag {message.facts['name']}"))
    monkeypatch.setitem(outbox._renderers, "moot", lambda message: None)


def send():
    jobs.request("send_mail")
    jobs.run(jobs.Job.objects.filter(kind="send_mail", state="queued").get().pk)


def test_a_message_with_the_same_key_exists_once(anna):
    assert queue_message(kind="hello", key="a", user=anna, name="Anna")
    assert queue_message(kind="hello", key="a", user=anna, name="Anna") is None
    send()
    assert [(sent.subject, sent.body, sent.to) for sent in mail.outbox] == [("Hallo", "Guten Tag Anna", [anna.email])]
    assert Message.objects.get().state == "sent"


def test_a_message_whose_reason_is_gone_is_dropped(anna):
    queue_message(kind="moot", key="a", user=anna)
    send()
    assert mail.outbox == []
    assert Message.objects.get().state == "dropped"


def test_a_message_waits_for_its_time(anna):
    queue_message(kind="hello", key="a", user=anna, name="Anna", not_before=timezone.now() + dt.timedelta(minutes=5))
    send()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6), tick=False):
        send()
    assert len(mail.outbox) == 1


def test_killed_before_the_lease_ran_out_nobody_repeats_and_afterwards_one_does_with_the_same_id(anna):
    message = queue_message(kind="hello", key="a", user=anna, name="Anna")
    assert outbox._claim_next().pk == message.pk  # the sender dies here
    send()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61), tick=False):
        send()
        send()
    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [message.message_id]


def test_a_mail_server_that_refuses_is_asked_again_later(anna, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    queue_message(kind="hello", key="a", user=anna, name="Anna")
    send()
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("queued", 1)
    assert message.not_before > timezone.now()


def test_a_message_that_cannot_be_written_holds_up_nobody_and_ends_as_failed(anna):
    queue_message(kind="unknown", key="a", user=anna)
    queue_message(kind="hello", key="b", user=anna, name="Anna")
    send()
    assert len(mail.outbox) == 1
    Message.objects.filter(key="a").update(attempts=outbox.ATTEMPTS_MOST - 1, not_before=None)
    send()
    assert Message.objects.get(key="a").state == "failed"


def test_a_message_whose_senders_all_die_ends_as_failed(anna):
    queue_message(kind="hello", key="a", user=anna, name="Anna")
    now = timezone.now()
    for minute in range(outbox.ATTEMPTS_MOST):
        with time_machine.travel(now + dt.timedelta(minutes=2 * minute), tick=False):
            assert outbox._claim_next()  # and the sender dies
    with time_machine.travel(now + dt.timedelta(hours=1), tick=False):
        send()
    message = Message.objects.get()
    assert (message.state, message.attempts, mail.outbox) == ("failed", outbox.ATTEMPTS_MOST, [])


def test_the_administration_sees_what_was_given_up(client, dieter, anna):
    queue_message(kind="hello", key="a", user=anna, name="Anna")
    Message.objects.update(state="failed", attempts=8)
    client.force_login(dieter)
    page = client.get(reverse("admin:customers_message_changelist"), {"state__exact": "failed"})
    assert [(row.user, row.state) for row in page.context["cl"].result_list] == [(anna, "failed")]
    assert "fehlgeschlagen" in page.text


def test_the_minute_asks_for_a_sender_only_when_something_waits(anna):
    outbox.ask_for_sender(timezone.now())
    assert not jobs.Job.objects.filter(kind="send_mail").exists()
    queue_message(kind="hello", key="a", user=anna, name="Anna")
    jobs.Job.objects.all().delete()
    outbox.ask_for_sender(timezone.now())
    assert jobs.Job.objects.filter(kind="send_mail", state="queued").count() == 1
