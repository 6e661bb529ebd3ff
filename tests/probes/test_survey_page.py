"""The answer page under fire: many posts at once per link, mail scanners, machines that fill in forms.

Scaled down in the test run; `make probes` does it in full (50 posts at once for each of 200 links, 10,000 openings, 5,000 machines).
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from customers.models import ContactBlock
from nps import tokens
from nps.models import Invitation, Response, ResponseChange
from tests.factories import make_listed
from tests.nps.scenes import make_invitation, make_wave

LINKS, OPENINGS, MACHINES = (int(os.environ.get(f"PROBE_{name}", few)) for name, few in (("LINKS", 3), ("OPENINGS", 144), ("MACHINES", 60)))
AT_ONCE = int(os.environ.get("PROBE_AT_ONCE", "12"))
"""Connections; 50 of them need a server of one's own."""
PEOPLE = 20
SCANNERS = (
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0; Microsoft Office SafeLinks)", "Mimecast-URL-Scanner", "BarracudaCentral",
    "Proofpoint URL Defense", "Mozilla/5.0 (compatible; Googlebot/2.1)", "GoogleImageProxy", "Symantec.cloud", "Sophos Email Appliance",
    "TrendMicro HES", "Cisco IronPort", "curl/8.0", "",
)  # fmt: skip
_WHY = "test"
T = TypeVar("T")

pytestmark = pytest.mark.timeout(120 + LINKS * 10 + OPENINGS // 10 + MACHINES // 5)


def _invitations(count: int) -> list[Invitation]:
    wave = make_wave(state="open", day=timezone.localdate())
    return [make_invitation(wave, make_listed(f"Kunde {index}")) for index in range(count)]


def _address(invitation: Invitation) -> str:
    return f"/s/{tokens.make(invitation.nonce)}/"


def _responses():
    return Response.objects.for_system(_WHY)


def _at_once(act: Callable[[T], int], over: Iterable[T], threads: int = AT_ONCE) -> list[int]:
    """What each answered; each thread keeps its connection until all have ended."""
    ended = Barrier(threads, action=None)

    def leave(_index: int) -> None:
        ended.wait()
        connections["default"].close()

    with ThreadPoolExecutor(threads) as pool:
        answered = list(pool.map(act, over))
        list(pool.map(leave, range(threads)))
    return answered


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_at_once_per_link_are_one_answer_each():
    posts = 50 if connection.vendor == "postgresql" else 5
    asked = _invitations(LINKS)

    def post(one: tuple[Invitation, int]) -> int:
        invitation, index = one
        return Client().post(_address(invitation), {"rating": str(1 + index % 10)}).status_code

    answered = _at_once(post, product(asked, range(posts)))
    assert len(answered) == LINKS * posts
    assert set(answered) <= {303, 429}  # who changes an answer thirty times in an hour has to wait
    assert sorted(_responses().values_list("invitation", flat=True)) == sorted(invitation.pk for invitation in asked)
    assert set(Invitation.objects.for_system(_WHY).values_list("state", flat=True)) == {"responded"}
    assert ResponseChange.objects.count() <= LINKS * 30


@pytest.mark.django_db
def test_whoever_opens_links_for_others_answers_nothing(client):
    asked = _invitations(3)
    pages = [f"{_address(one)}{rest}" for one in asked for rest in ("", "?r=9", "?r=9&done=1", "stop/")]
    openings = product(SCANNERS, ("get", "head", "options"), pages)
    opened = [*openings]
    for agent, method, page in (opened * (OPENINGS // len(opened) + 1))[:OPENINGS]:
        answer = getattr(client, method)(page, headers={"User-Agent": agent})
        assert answer.status_code == (405 if method == "options" else 200)
    assert (_responses().count(), ContactBlock.objects.for_system(_WHY).count()) == (0, 0)
    assert set(Invitation.objects.for_system(_WHY).values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_machines_count_nothing_and_people_beside_them_everything():
    asked = _invitations(PEOPLE + 1)
    trapped = _address(asked.pop())

    def machine(index: int) -> int:
        """Half of them guess links, half fill in whatever field they find."""
        link = f"/s/{tokens.make(f'guess {index}')}/" if index % 2 else trapped
        return Client().post(link, {"rating": "1", "reason": "https://spam.example", "website": "https://spam.example"}).status_code

    def person(invitation: Invitation) -> int:
        return Client().post(_address(invitation), {"rating": "9"}).status_code

    every = MACHINES // PEOPLE or 1
    mixed = [(machine, index) for index in range(MACHINES)]
    for number, invitation in enumerate(asked):
        mixed.insert(number * (every + 1), (person, invitation))
    answered = _at_once(lambda one: one[0](one[1]), mixed, 8 if connection.vendor == "postgresql" else 2)
    assert answered.count(303) == PEOPLE
    assert sorted(_responses().values_list("rating", "invitation")) == sorted((9, invitation.pk) for invitation in asked)
