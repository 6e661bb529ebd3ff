"""The people at a customer: invented names, what they do there, how they are reached."""

import random
from dataclasses import dataclass

from innendienst.demo import names, numbers
from innendienst.demo.industries import Industry
from innendienst.demo.staff import user_word
from innendienst.lib.phones import Phone

_TITLE_SHARE, _TITLE_SHARE_IN_MEDICINE = 0.04, 0.4
_MEDICINE = {"Klinik", "Praxis"}


@dataclass(frozen=True, slots=True)
class Person:
    salutation: str
    title: str
    first_name: str
    last_name: str
    position: str
    email: str
    phone: Phone | None
    mobile: Phone | None


@dataclass(frozen=True, slots=True)
class Head:
    """The first contact of a customer whose looks are fixed."""

    salutation: str
    title: str
    last_name: str


def make_people(rng: random.Random, index: int, company_name: str, head: Head, industry: Industry, domain: str) -> tuple[Person, ...]:
    """One to four people of different surnames; the first is `head`, blanks of his drawn by lot, and has the direct line."""
    others = rng.sample([name for name in names.SURNAMES if name != head.last_name], 3)
    count = rng.choices((1, 2, 3, 4), (34, 36, 20, 10))[0]
    heads = [head, *(Head("", "", surname) for surname in others)][:count]
    positions = rng.sample(industry.positions, count)
    return tuple(
        _person(rng, index if place == 0 else None, company_name, person, position, industry, domain)
        for place, (person, position) in enumerate(zip(heads, positions, strict=True))
    )


def _person(
    rng: random.Random, line_index: int | None, company_name: str, head: Head, position: str, industry: Industry, domain: str
) -> Person:
    """`line_index` is the customer's index for the person who may have his direct line."""
    salutation = head.salutation or rng.choices(("ms", "mr", ""), (49, 47, 4))[0]
    is_doctor = rng.random() < (_TITLE_SHARE_IN_MEDICINE if industry.name in _MEDICINE else _TITLE_SHARE)
    first_name = rng.choice(names.FIRST_NAMES[salutation])
    has_email, has_direct_line = rng.random() < 0.85, rng.random() < 0.5
    return Person(
        salutation=salutation,
        title="Dr." if head.title or is_doctor or f"Dr. {head.last_name}" in company_name else "",
        first_name=first_name,
        last_name=head.last_name,
        position=names.POSITIONS_MALE.get(position, position) if salutation == "mr" else position,
        email=f"{user_word(first_name)}.{user_word(head.last_name)}@{domain}" if has_email else "",
        phone=numbers.direct_line(line_index) if line_index is not None and has_direct_line else None,
        mobile=numbers.mobile(line_index) if line_index is not None else None,
    )
