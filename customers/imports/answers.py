"""What lists ask a person, and what was answered: asked once, it holds for every list to come."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from accounts.models import User
from customers.imports.rights import demand_run
from customers.models import ImportAnswer, ImportRun
from innendienst.base import audit

KEY_MOST = 200
YES, NO = "yes", "no"
POOL = "pool"
"""The answer about an owner that means nobody."""
NEW, SKIP = "new", "skip"

Topic = ImportAnswer.Topic


@dataclass(frozen=True)
class Question:
    """One thing that the list left open: `text` as the list has it, `said` what counts now, `is_open` while nobody has answered.

    `row` is where it stands, `rows` how many rows it is about, `other` what it may mean and `target` the id of that, for topics that
    have it.
    """

    topic: str
    key: str
    text: str
    said: str
    is_open: bool
    row: int | None = None
    other: str = ""
    target: str = ""
    rows: int | None = None

    @property
    def holds_up(self) -> bool:
        """Whether the list must not be taken over before somebody answered: the figures would count twice."""
        return self.is_open and self.topic == Topic.DOCUMENT


def known(topic: str) -> dict[str, str]:
    """Key → answer, of everything that was answered."""
    return dict(ImportAnswer.objects.filter(topic=topic).values_list("key", "said"))


@transaction.atomic
def remember(*, actor: User, run: ImportRun, said: Iterable[tuple[Question, str]]) -> None:
    """Keep the answers; who gave them and when goes with them."""
    demand_run(actor, run)
    pairs = list(said)
    for question, answer in pairs:
        ImportAnswer.objects.update_or_create(topic=question.topic, key=question.key, defaults={"said": answer, "by": actor})
    audit.record("import.answer", by=actor, run=run.pk, list=run.kind, topics=sorted({one.topic for one, _answer in pairs}))


def changed_since(instant: dt.datetime, *topics: str) -> bool:
    """Whether something was answered otherwise, or for the first time, after that."""
    return ImportAnswer.objects.filter(topic__in=topics, changed_at__gt=instant).exists()


def stored(questions: Iterable[Question]) -> list[dict]:
    """As kept with the run (ImportRun.reading)."""
    return [asdict(one) for one in questions]


def asked(run: ImportRun) -> list[Question]:
    """What the run's list asks, also what was answered before."""
    return [Question(**one) for one in run.reading.get("questions", [])]


def is_held_up(run: ImportRun) -> bool:
    return any(one.holds_up for one in asked(run))
