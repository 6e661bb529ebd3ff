"""Taking back: whoever did something may undo it while it is fresh and nobody has gone on with it."""

import datetime as dt

from django.utils import timezone

UNDO_WITHIN = dt.timedelta(minutes=2)
UNDONE = "undone"
"""The reason on record of a step that takes another one back."""


class UndoRefused(ValueError):
    """What is to be undone is somebody else's, undone already, too old, or somebody went on with it."""


def fresh_since() -> dt.datetime:
    """What was done before this moment stands."""
    return timezone.now() - UNDO_WITHIN
