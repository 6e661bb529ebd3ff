"""Whom a survey asks: a rule for everybody, never a choice by hand. Plain decisions over what is known of each person.

Who is left out is counted by its reason, so that persons asked and persons left out add up to all.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

WAYS = ("email", "letter", "phone")
ONE, ALL = "one", "all"


@dataclass(frozen=True)
class Rule:
    """`ways` are those the survey takes, the preferred one first. `share` percent of each segment (`per`, "" for all together)
    are drawn; `seed` makes the same draw of the same people. `people` is one person per customer or all of them. `criteria` are those
    of the saved filter called `segment`, as they were when it was chosen (customers/segments.py); empty for all customers.
    """

    ways: tuple[str, ...] = WAYS
    share: int = 100
    per: str = ""
    abc_classes: tuple[str, ...] = ()
    bought_within_days: int | None = None
    people: str = ONE
    seed: int = 0
    segment: str = ""
    criteria: Mapping = field(default_factory=dict)

    def stored(self) -> dict:
        return {**asdict(self), "ways": list(self.ways), "abc_classes": list(self.abc_classes)}


def read_rule(stored: Mapping) -> Rule:
    """A rule as it was stored; what is missing has its default."""
    known = {key: value for key, value in stored.items() if key in Rule.__dataclass_fields__}
    return Rule(**{**known, "ways": tuple(known.get("ways", WAYS)), "abc_classes": tuple(known.get("abc_classes", ()))})


@dataclass(frozen=True)
class Candidate:
    """A person, or a company without one (`contact_id` None). `ways` are those that are both known and allowed.

    `barred` is "objection" or "block" where the gate denies every way for that. `rest` is "rested" where a survey asked him so
    recently that the rest is not over, "elsewhere" where one that runs is still to ask him.
    """

    customer_id: int
    contact_id: int | None
    ways: frozenset[str] = frozenset()
    barred: str = ""
    is_collective: bool = False
    has_complaint: bool = False
    rest: str = ""
    segment: str = ""


def exclusion(candidate: Candidate, rule: Rule) -> str:
    """Why this person is not asked, the weightiest reason first; "" when nothing stands against it."""
    if candidate.is_collective:
        return "collective"
    if candidate.barred:
        return candidate.barred
    if candidate.has_complaint:
        return "complaint"
    if candidate.rest:
        return candidate.rest
    return "" if candidate.ways & set(rule.ways) else "no_way"


def way_of(candidate: Candidate, rule: Rule) -> str:
    """The first way of the rule that is open; "" without one."""
    return next((way for way in rule.ways if way in candidate.ways), "")


def spokesperson(people: Iterable[Candidate], rule: Rule) -> Candidate:
    """Who is asked for a customer where one person is: the first who may be asked, by the most preferred way."""

    def rank(candidate: Candidate) -> tuple[bool, int, int]:
        way = way_of(candidate, rule)
        return (bool(exclusion(candidate, rule)), rule.ways.index(way) if way else len(rule.ways), candidate.contact_id or 0)

    return min(people, key=rank)


def drawn(candidates: Iterable[Candidate], rule: Rule) -> set[Candidate]:
    """`share` percent of each segment, at least one of each; the same seed draws the same people."""
    segments: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        segments[candidate.segment].append(candidate)
    chosen: set[Candidate] = set()
    for members in segments.values():
        count = math.ceil(len(members) * rule.share / 100)
        chosen.update(sorted(members, key=lambda one: _lot(rule.seed, one))[:count])
    return chosen


def _lot(seed: int, candidate: Candidate) -> bytes:
    """A number nobody chose: it depends on seed and person alone."""
    return hashlib.sha256(f"{seed}:{candidate.customer_id}:{candidate.contact_id}".encode()).digest()
