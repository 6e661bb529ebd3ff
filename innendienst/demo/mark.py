"""How far the demo has come: one row, locked by whoever takes the next step."""

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import Self

from innendienst.base.models import Preference

_ROW = {"section": "demo", "key": "load"}


@dataclass(frozen=True)
class Mark:
    """A demo of so many customers by this seed and day; those before index `reached` are written, with so many rows each."""

    customers: int
    seed: int
    today: dt.date
    reached: int = 0
    written: dict[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return self.reached >= self.customers

    def advanced(self, reached: int, written: dict[str, int]) -> Self:
        """The mark after a step that wrote so many rows."""
        return replace(self, reached=reached, written={kind: self.written.get(kind, 0) + count for kind, count in written.items()})


def read() -> Mark | None:
    row = Preference.objects.filter(**_ROW).first()
    return row and _mark(row)


def lock(wish: Mark) -> tuple[Mark, bool]:
    """The mark as it stands, or `wish` if there was none, and whether it is new. A second process waits here for the first."""
    row, is_new = Preference.objects.select_for_update().get_or_create(**_ROW, defaults={"value": _value(wish)})
    return _mark(row), is_new


def keep(mark: Mark) -> None:
    Preference.objects.filter(**_ROW).update(value=_value(mark))


def _mark(row: Preference) -> Mark:
    return Mark(**{**row.value, "today": dt.date.fromisoformat(row.value["today"])})


def _value(mark: Mark) -> dict:
    return {**asdict(mark), "today": mark.today.isoformat()}
