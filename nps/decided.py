"""What was decided because of what customers answered, as the apps above tell it: the surveys know no plans.

One function is registered; without it the pages show nothing of the kind.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Decision:
    """A measure that began on a day because of a reason (reasons.GROUPS) that answers of a wave named. `url` is its page."""

    wave_id: int
    group: str
    on: dt.date
    title: str
    state: str
    url: str


Tell = Callable[[User], Sequence[Decision]]


@dataclass
class _Registered:
    tell: Tell | None = None
    url_name: str = ""


_registered = _Registered()


def register(tell: Tell, *, url_name: str) -> None:
    """Say who tells of decisions, and the name of the address that makes one of `wave` and `group`."""
    _registered.tell, _registered.url_name = tell, url_name


def decisions(user: User) -> list[Decision]:
    """Those this person may see, the earliest first."""
    found = _registered.tell(user) if _registered.tell else ()
    return sorted(found, key=lambda one: (one.on, one.title))


def making_url_name() -> str:
    """ "" where nobody decides."""
    return _registered.url_name
