"""What a list is narrowed by, as marks that each take one filter away."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.models import Kind
from customers.filters import MINE, UNASSIGNED
from innendienst.workplace.segments.views import found_segment


class Narrowing(NamedTuple):
    """A filter in words, and the list without it."""

    text: str
    url: str


def narrowings(chosen: Mapping[str, Any], query: QueryDict, owners: Mapping[str, str], user: User) -> Iterator[Narrowing]:
    """One for each filter that is set, in the form's order. `owners` are names by id as text."""
    for name, value in chosen.items():
        if value:
            yield Narrowing(_in_words(name, value, owners, user), _without(query, name))


def _in_words(name: str, value: Any, owners: Mapping[str, str], user: User) -> str:
    match name:
        case "owner":
            return {MINE: _("My customers"), UNASSIGNED: _("Without owner")}.get(value) or owners.get(value, value)
        case "reason":
            return str(Kind(value).label)
        case "abc":
            return _("ABC class") + f" {value}"
        case "tag":
            return _("Tag") + f" {value}"
        case "segment":
            segment = found_segment(user, value)
            return segment.name if segment else _("unknown filter")
        case "inactive":
            return _("Inactive too")
    return str(value)


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    for gone in (name, "page"):
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"
