"""Changing what the guide says; going back to what came with the program is saving that."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import demand
from campaigns.guide.reading import inherited
from campaigns.models import CallGuide
from innendienst.base import audit

UNSAVED = 0
"""The version of a guide that nobody changed yet."""


class GuideMoved(RuntimeError):
    """Somebody else saved this guide since it was read; nothing was written."""


def find(kind: str, group_id: int | None, language: str) -> CallGuide | None:
    """The changes somebody made; None where there are none."""
    return CallGuide.objects.filter(kind=kind, group=group_id, language=language).first()


@transaction.atomic
def save(*, actor: User, kind: str, group_id: int | None, language: str, texts: Mapping[str, str], version: int) -> None:
    """Keep the texts that differ from what holds otherwise; an empty one goes back to that. `version` is the one that was read.

    The active language is that of the guide. Raises GuideMoved.
    """
    demand(actor, "guides.edit")
    known = inherited(kind, group_id, language)
    own = {part: text for part, text in texts.items() if text and text != known[part]}
    of_it = {"kind": kind, "group_id": group_id, "language": language}
    if version == UNSAVED:
        _create(of_it, own)
    elif CallGuide.objects.filter(kind=kind, group=group_id, language=language, version=version).update(
        texts=own, version=version + 1
    ) == 0:  # fmt: skip
        raise GuideMoved
    audit.record("guide.save", by=actor, **of_it, parts=sorted(own))


def _create(of_it: Mapping[str, object], own: Mapping[str, str]) -> None:
    try:
        with transaction.atomic():
            CallGuide.objects.create(**of_it, texts=own)
    except IntegrityError as error:
        raise GuideMoved from error
