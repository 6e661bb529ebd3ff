"""A form posted twice does its work once and gets the same answer."""

import threading
import uuid

import pytest
from django.db import IntegrityError, connection

from innendienst.base import form_keys
from innendienst.base.models import AuditEvent, FormKey
from tests import factories


def _act(calls: list[int], answer: dict):
    def act() -> dict:
        calls.append(1)
        AuditEvent.objects.create(act="test.act")
        return answer

    return act


@pytest.mark.django_db
def test_the_second_post_gets_the_first_answer_and_does_nothing(anna):
    key, calls = uuid.uuid4(), []
    first = form_keys.once(key, anna, _act(calls, {"activity": 1}))
    second = form_keys.once(key, anna, _act(calls, {"activity": 2}))
    assert first == second == {"activity": 1}
    assert len(calls) == 1


@pytest.mark.django_db
def test_a_failed_act_leaves_the_key_unused(anna):
    key, calls = uuid.uuid4(), []

    def fail() -> dict:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        form_keys.once(key, anna, fail)
    assert form_keys.once(key, anna, _act(calls, {"activity": 1})) == {"activity": 1}


@pytest.mark.django_db
def test_another_persons_key_is_refused(anna, bernd):
    key = uuid.uuid4()
    form_keys.once(key, anna, lambda: {"activity": 1})
    with pytest.raises(IntegrityError):
        form_keys.once(key, bernd, lambda: {"activity": 2})
    assert FormKey.objects.get().result == {"activity": 1}


@pytest.mark.django_db
def test_each_shown_form_gets_a_key_of_its_own():
    assert len({uuid.UUID(form_keys.fresh()) for _ in range(100)}) == 100


@pytest.mark.django_db(transaction=True)
def test_posts_at_the_same_moment_do_the_work_once():
    user = factories.make_user("anna")
    key, calls, answers = uuid.uuid4(), [], []
    barrier = threading.Barrier(4)

    def post() -> None:
        barrier.wait()
        try:
            answers.append(form_keys.once(key, user, _act(calls, {"activity": 1})))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"activity": 1}] * 4
    assert AuditEvent.objects.count() == 1
