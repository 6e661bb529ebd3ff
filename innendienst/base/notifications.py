"""Notes inside the program: decided in a transaction, shown until they are read, once per key.

Kinds register what makes their sentence and where it leads, so that a note holds facts only. A note whose reason is gone is not
shown any more.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from innendienst.base.models import Notification

SHOWN_FOR = dt.timedelta(hours=12)
"""Older ones nobody has read are of no use to anybody, unless their kind is lasting."""


@dataclass(frozen=True)
class Note:
    """A note as the page shows it: the sentence, and the address of what it is about."""

    pk: int
    text: str
    url: str


Renderer = Callable[[Notification], tuple[str, str] | None]
_renderers: dict[str, Renderer] = {}
_lasting: set[str] = set()


def register(kind: str, renderer: Renderer, *, is_lasting: bool = False) -> None:
    """Say which function answers sentence and address of a note, or None when its reason is gone; `is_lasting`: it has no hour."""
    _renderers[kind] = renderer
    if is_lasting:
        _lasting.add(kind)


def notify_all(notes: Iterable[Notification]) -> None:
    """Put these notes before their people; those whose key exists already are there."""
    Notification.objects.bulk_create(notes, ignore_conflicts=True)


def unread(user) -> list[Notification]:
    is_current = Q(made_at__gte=timezone.now() - SHOWN_FOR) | Q(kind__in=_lasting)
    return list(Notification.objects.filter(is_current, user=user, read_at=None))


def shown(user) -> list[Note]:
    """The user's unread notes, oldest first, as far as their reason still stands."""
    rendered = ((note, _renderers[note.kind](note)) for note in unread(user))
    return [Note(note.pk, *said) for note, said in rendered if said is not None]


def mark_read(user, pk: int) -> bool:
    """Whether there was such a note of this user, unread."""
    return Notification.objects.filter(user=user, pk=pk, read_at=None).update(read_at=timezone.now()) > 0
