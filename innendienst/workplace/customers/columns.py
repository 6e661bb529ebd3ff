"""Which columns of the customer list are shown, in its address as `columns`; without it all but those that somebody has to ask for."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy

LABELS: dict[str, str | Promise] = {
    "owner": _("Owner"),
    "abc": _("ABC class"),
    "revenue": _("Revenue 12 months"),
    "margin": _("Margin 12 months"),
    "last_order": _("Last order"),
    "last_contact": _("Last contact"),
    "reasons": pgettext_lazy("column", "Reasons"),
    "phone": _("Phone"),
    "tags": _("Tags"),
}
_ON_REQUEST = frozenset({"tags"})


class Shown(NamedTuple):
    """Whether each column is shown; plain flags, so that markup can be kept per choice."""

    owner: bool = True
    abc: bool = True
    revenue: bool = True
    margin: bool = True
    last_order: bool = True
    last_contact: bool = True
    reasons: bool = True
    phone: bool = True
    tags: bool = False


class Choice(NamedTuple):
    name: str
    label: str
    is_shown: bool


def shown_columns(asked: Iterable[str], *, shows_margin: bool) -> Shown:
    """Those asked for that exist, the usual ones where none is; the margin only for whom it is."""
    chosen = [name for name in asked if name in LABELS] or [name for name in LABELS if name not in _ON_REQUEST]
    return Shown(**{name: name in chosen and (name != "margin" or shows_margin) for name in LABELS})


def choices(shown: Shown, *, shows_margin: bool) -> Iterator[Choice]:
    """What can be chosen, for a form."""
    for name, label in LABELS.items():
        if name != "margin" or shows_margin:
            yield Choice(name, str(label), getattr(shown, name))
