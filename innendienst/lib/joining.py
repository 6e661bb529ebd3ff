"""Groups that have somebody in common are one."""

from collections import defaultdict
from collections.abc import Iterable


def joined(groups: Iterable[Iterable[int]]) -> list[list[int]]:
    """Who hangs together by any chain of these groups, lists of two or more each: members in their order, lists by the first one."""
    leader: dict[int, int] = {}
    for group in groups:
        members = list(group)
        first = min((_leader(leader, one) for one in members), default=0)
        for one in members:
            leader[_leader(leader, one)] = first
    together: dict[int, list[int]] = defaultdict(list)
    for one in sorted(leader):
        together[_leader(leader, one)].append(one)
    return [members for members in together.values() if len(members) > 1]


def _leader(leader: dict[int, int], one: int) -> int:
    while leader.setdefault(one, one) != one:
        one = leader[one]
    return one
