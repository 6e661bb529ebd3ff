"""A letter or mail of one text to many customers, put on record: to whom, about what, on which basis."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from customers.gate_rules import GateAnswer
from customers.letters import LetterRefused
from customers.locks import hold_all
from customers.models import Activity
from customers.touched import touch

_BATCH = 2_000


@dataclass(frozen=True)
class Addressed:
    """Who is written to: a person of the customer, or the company as such (`contact_id` None), and why that is allowed."""

    customer_id: int
    contact_id: int | None
    gate_answer: GateAnswer


@transaction.atomic
def record_mailing(*, by_id: int, kind: str, about: str, addressed: Sequence[Addressed]) -> None:
    """Store a contact of ours with each of them: no talk, but one that lets selling rest (domain guide U-7) and stands in the history.

    `kind` is MAILSHOT or MAIL, `about` says in a line what was written. Whoever has the letters or mails made checks the right to it.
    The number of queries does not depend on how many they are, but for one per some thousands. Raises LetterRefused, and writes
    nothing, where the gate has not allowed all of them.
    """
    if refused := next((one.gate_answer for one in addressed if not one.gate_answer.is_allowed), None):
        raise LetterRefused(refused.rule)
    ids, now = {one.customer_id for one in addressed}, timezone.now()
    hold_all(ids)
    activities = (
        Activity(
            customer_id=one.customer_id, contact_id=one.contact_id, kind=kind, note=about, at=now, by_id=by_id,
            gate_answer=one.gate_answer.on_record(),
        )
        for one in addressed
    )  # fmt: skip
    Activity.objects.bulk_create(activities, batch_size=_BATCH)
    touch(ids)
