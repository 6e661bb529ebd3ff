"""Many rows, a few at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_batches(rows: Sequence[T], size: int = 1_000) -> Iterator[Sequence[T]]:
    """`rows` in their order, `size` at a time; nothing where there are none."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
