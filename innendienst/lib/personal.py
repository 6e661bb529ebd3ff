"""How a personal column is described in an app's `personal_data.py`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """Why a personal column is kept, how long, and how it is erased."""

    reason: str
    lifetime: str
    erasure: str
