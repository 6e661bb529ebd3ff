"""Two who do the same with a campaign at the same moment."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from campaigns.special.letters import hand_out
from campaigns.special.models import Campaign, CampaignMember
from tests.campaigns.special.test_campaigns import make_campaign, make_members
from tests.concurrency import wait_for_a_lock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def both(first: Callable, second: Callable) -> tuple:
    """What `first` answers, and `second`, which begins while the first has not ended."""
    answers = []

    def run() -> None:
        try:
            answers.append(second())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        answer = first()
        thread.start()
        wait_for_a_lock()
    thread.join(20)
    return answer, *answers


def test_of_two_clicks_one_alone_hands_a_letter_out(mia, anna):
    campaign = make_campaign(mia, letter_text="der Herbst ist da")
    Campaign.objects.update(state="running")
    for member in make_members(2, anna):
        CampaignMember.objects.create(campaign=campaign, customer=member, part="target", abc_class="A", by_letter=True)
    first, second = both(*[lambda: hand_out(actor=mia, campaign=campaign)] * 2)
    assert (len(first), len(second)) == (2, 0)
