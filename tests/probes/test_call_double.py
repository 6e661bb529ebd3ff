"""Every call is posted several times at the same moment, as by a double click, a resend and a retry: it is saved once.

Scaled down in the test run; `make probes` does it in full (PROBE_REPS=30 PROBE_CALLS=100, three posts each: 9,000 posts, 3,000 calls).
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from customers.models import Activity, Customer, FollowUp
from innendienst.base import form_keys
from tests.factories import make_user
from tests.workplace.scenes import call_data, make_callable

REPS, CALLS, POSTS = int(os.environ.get("PROBE_REPS", "3")), int(os.environ.get("PROBE_CALLS", "3")), 3
AT_ONCE = 6

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database, pytest.mark.timeout(60 + REPS * CALLS)]


def _post(rep: User, data: dict) -> tuple[int, str]:
    try:
        client = Client()
        client.force_login(rep, backend="accounts.backends.ByName")
        answer = client.post("/calls/", data)
        return answer.status_code, answer.headers.get("Location", "")
    finally:
        connection.close()


def test_thrice_as_many_posts_as_calls_are_exactly_those_calls():
    reps = [make_user(f"rep{number}") for number in range(REPS)]
    customers: list[tuple[User, Customer]] = [
        (rep, make_callable(rep, f"Kunde {rep.pk}-{index}")) for rep in reps for index in range(CALLS)
    ]
    sent = [
        (rep, call_data(customer, key=form_keys.fresh(), outcome="not_reached", note=f"Anruf {customer.pk}", back="customer"))
        for rep, customer in customers
    ]
    posts = [post for post in sent for _number in range(POSTS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda post: _post(*post), posts))
    assert Counter(status for status, _where in answers) == {302: REPS * CALLS * POSTS}
    for start in range(0, len(answers), POSTS):
        assert len(set(answers[start : start + POSTS])) == 1
    made = Activity.objects.for_system("test").values_list("customer", "note", "by")
    assert sorted(made) == sorted((customer.pk, f"Anruf {customer.pk}", rep.pk) for rep, customer in customers)
    assert FollowUp.objects.for_system("test").count() == REPS * CALLS
