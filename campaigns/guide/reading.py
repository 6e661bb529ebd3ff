"""Which texts hold: those of the product group, else those of the kind, else those that come with the program; part by part."""

from collections.abc import Mapping

from django.db.models import CharField, Q

from campaigns.guide.defaults import DEFAULTS
from campaigns.models import CallGuide
from innendienst.lib.prepared import Param, Prepared

NO_GROUP = 0
_KIND, _LANGUAGE = Param("kind", CharField()), Param("language", CharField())
_GUIDES = Prepared(
    lambda: (
        CallGuide.objects.filter(Q(group=None) | Q(group=Param("group")), kind=_KIND, language=_LANGUAGE)
        .order_by()
        .values_list("group", "texts")
    )
)


def texts_for(kind: str, group_id: int | None, language: str) -> dict[str, str]:
    """All texts of a kind by part, in the active language where nobody changed them; one query."""
    found = dict(_GUIDES(kind=kind, language=language, group=group_id or NO_GROUP))
    own = found.get(group_id, {}) if group_id is not None else {}
    return {**_shipped(kind), **found.get(None, {}), **own}


def inherited(kind: str, group_id: int | None, language: str) -> Mapping[str, str]:
    """What holds where this guide says nothing of its own: for a product group what the kind says, else what came with the program."""
    return _shipped(kind) if group_id is None else texts_for(kind, None, language)


def _shipped(kind: str) -> dict[str, str]:
    return {part: str(text) for part, text in DEFAULTS[kind].items()}
