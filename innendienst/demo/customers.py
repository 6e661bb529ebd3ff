"""The companies that buy: name, place, people, who looks after them, and how their buying develops."""

import datetime as dt
import math
import random
from dataclasses import dataclass
from enum import Enum

from innendienst.demo import names, numbers
from innendienst.demo.industries import BY_NAME, INDUSTRIES, SHARES, Industry
from innendienst.demo.places import STREETS
from innendienst.demo.staff import DEFAULT_SIGN_IN, FIELD_SALES, REPS, user_word
from innendienst.demo.timeline import Timeline, dice
from innendienst.lib.phones import Phone

UNOWNED_SHARE = 0.06
BRANCH_SHARE = 0.015
_FIRST_NUMBER = 101


class Course(Enum):
    """How a customer's buying develops; the value is its share in percent."""

    STEADY = ("steady", 62)
    GROWING = ("growing", 8)
    DECLINING = ("declining", 8)
    CHURNED = ("churned", 10)
    NEWCOMER = ("newcomer", 7)
    ONE_OFF = ("one_off", 3)
    PROSPECT = ("prospect", 2)


_COURSES = tuple(Course)
_COURSE_SHARES = tuple(course.value[1] for course in _COURSES)


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
class Company:
    """One customer. `size` is 1 for a medium one; he buys from `first_day` to `last_day` of the timeline.

    `first_day` 0 means that he bought before the timeline begins. A prospect is no customer since any day.
    """

    index: int
    number: str
    name: str
    industry: Industry
    street: str
    postcode: str
    town: str
    phone: Phone
    email: str
    people: tuple[Person, ...]
    team: str
    owner: str | None
    field_owner: str | None
    head_office: str
    size: float
    discount: float
    course: Course
    first_day: int
    last_day: int
    since_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Showcase:
    """A customer whose looks are fixed, so that pictures and manuals show the same names: Anna's, steady, of some size."""

    name: str
    form: str
    industry: Industry
    place: tuple[str, str]
    salutation: str
    title: str
    last_name: str


# All lie in the first region (every fifth index), which is Anna's.
SHOWCASES = {
    0: Showcase("Bäckerei Müller & Söhne", "GmbH & Co. KG", BY_NAME["Bäckerei"], ("01067", "Dresden"), "mr", "", "Müller"),
    5: Showcase("Klinik am Süßgrund", "gGmbH", BY_NAME["Klinik"], ("04103", "Leipzig"), "ms", "Dr.", "Weiß"),
    10: Showcase("Autohaus Nürk", "GmbH", BY_NAME["Autohaus"], ("01796", "Pirna"), "ms", "", "Nürk"),
    15: Showcase("Präzisionsteile Voß", "KG", BY_NAME["Maschinenbau"], ("09111", "Chemnitz"), "mr", "", "Voß"),
    20: Showcase("Gebäudedienste Öztürk", "GmbH", BY_NAME["Gebäudedienste"], ("01277", "Dresden"), "ms", "", "Öztürk"),
    25: Showcase("Spedition Jäger", "OHG", BY_NAME["Spedition"], ("02625", "Bautzen"), "mr", "", "Jäger"),
    30: Showcase("Großküche Zöller", "GmbH", BY_NAME["Großküche"], ("02826", "Görlitz"), "ms", "", "Zöller"),
}


def make_company(seed: int, index: int, timeline: Timeline) -> Company:
    """The customer with this index; the same seed and index give the same one, however many there are."""
    rng = dice(seed, "company", index)
    showcase = SHOWCASES.get(index)
    industry = showcase.industry if showcase else rng.choices(INDUSTRIES, SHARES)[0]
    postcode, town = showcase.place if showcase else rng.choice(numbers.region_of(index).towns)
    family = showcase.last_name if showcase else rng.choice(names.SURNAMES)
    core, form = (showcase.name, showcase.form) if showcase else _firm(rng, industry, family)
    head_office = index - index % 50 if index >= 50 and index % 50 and rng.random() < BRANCH_SHARE else None
    if head_office is not None:
        core, form = f"{make_company(seed, head_office, timeline).name}, Niederlassung {town}", ""
    size = _size(rng, industry, is_shown=showcase is not None)
    course = Course.STEADY if showcase else rng.choices(_COURSES, _COURSE_SHARES)[0]
    first_day, last_day = _buying_days(rng, course, timeline.end)
    team = _team(index)
    owner, field_owner = _owners(rng, team, size, is_shown=showcase is not None)
    domain = f"{_domain_word(core)}-{_domain_word(town)}.example"
    return Company(
        index=index, number=customer_number(index), name=f"{core} {form}".strip(), industry=industry,
        street=f"{rng.choice(STREETS)} {rng.randint(1, 148)}{rng.choice(('', '', '', '', 'a', 'b'))}",
        postcode=postcode, town=town, phone=numbers.switchboard(index), email=f"info@{domain}",
        people=_people(rng, index, family, domain, industry, showcase), team=team, owner=owner, field_owner=field_owner,
        head_office="" if head_office is None else customer_number(head_office),
        size=size, discount=min(0.2, max(0.0, 0.04 * math.log(size + 1) + rng.uniform(-0.02, 0.05))), course=course,
        first_day=first_day, last_day=last_day, since_on=None if course is Course.PROSPECT else _since(rng, first_day, timeline),
    )  # fmt: skip


def customer_number(index: int) -> str:
    return f"{index + _FIRST_NUMBER:06d}"


def _firm(rng: random.Random, industry: Industry, family: str) -> tuple[str, str]:
    """Name and legal form."""
    brand = "".join(rng.choice(syllables) for syllables in names.BRAND_SYLLABLES)
    pattern = rng.choice(industry.names)
    core = pattern.format(family=family, brand=brand, kin=rng.choice(names.KIN), spot=rng.choice(names.SPOTS), inn=rng.choice(names.INNS))
    if industry.form is not None:
        return core, industry.form
    return core, rng.choices(names.COMMERCIAL_FORMS, names.COMMERCIAL_WEIGHTS)[0]


def _size(rng: random.Random, industry: Industry, *, is_shown: bool) -> float:
    size = min(12.0, max(0.15, industry.size * rng.lognormvariate(0, 0.8)))
    return max(1.2, size) if is_shown else size


def _buying_days(rng: random.Random, course: Course, end: int) -> tuple[int, int]:
    match course:
        case Course.CHURNED:
            return 0, end - rng.randint(60, 900)
        case Course.NEWCOMER:
            return end - rng.randint(20, 330), end
        case Course.ONE_OFF:
            day = end - rng.randint(5, 700)
            return day, day
        case _:
            return 0, end


def _since(rng: random.Random, first_day: int, timeline: Timeline) -> dt.date:
    """The day of the first order, or one of the thirty years before the timeline, rather a late than an early one."""
    if first_day:
        return timeline.dates[timeline.working_day(first_day)]
    return timeline.dates[0] - dt.timedelta(days=1 + int(rng.expovariate(1 / 3000)) % (30 * 365))


def _team(index: int) -> str:
    """North and east belong to one team, south and middle to the other; the west is shared."""
    region = index % len(numbers.REGIONS)
    return "Nord" if region < 2 or (region == 2 and index // len(numbers.REGIONS) % 2) else "Süd"


def _owners(rng: random.Random, team: str, size: float, *, is_shown: bool) -> tuple[str | None, str | None]:
    """Who looks after the customer from the office and, if he is large, on the road."""
    rep, field_rep, is_unowned = rng.choice(REPS[team]), rng.choice(FIELD_SALES[team]), rng.random() < UNOWNED_SHARE
    if is_shown:
        rep, is_unowned = DEFAULT_SIGN_IN, False
    return None if is_unowned else rep, field_rep if size > 3 else None


def _people(rng: random.Random, index: int, family: str, domain: str, industry: Industry, showcase: Showcase | None) -> tuple[Person, ...]:
    surnames = [family, *rng.sample([name for name in names.SURNAMES if name != family], 3)]
    count = rng.choices((1, 2, 3, 4), (34, 36, 20, 10))[0]
    positions = rng.sample(industry.positions, count)
    people = []
    for place, (surname, position) in enumerate(zip(surnames, positions, strict=False)):
        salutation = rng.choices(("ms", "mr", ""), (49, 47, 4))[0]
        title = "Dr." if rng.random() < (0.4 if industry.name in {"Klinik", "Praxis"} else 0.04) else ""
        if showcase and place == 0:
            salutation, title = showcase.salutation, showcase.title
        first_name = rng.choice(names.FIRST_NAMES[salutation])
        has_email, has_direct_line = rng.random() < 0.85, place == 0 and rng.random() < 0.5
        people.append(Person(
            salutation, title, first_name, surname, names.POSITIONS_MALE.get(position, position) if salutation == "mr" else position,
            f"{user_word(first_name)}.{user_word(surname)}@{domain}" if has_email else "",
            numbers.direct_line(index) if has_direct_line else None, numbers.mobile(index) if place == 0 else None,
        ))  # fmt: skip
    return tuple(people)


def _domain_word(text: str) -> str:
    words = [user_word(word) for word in text.replace("-", " ").replace("/", " ").split()]
    return "-".join(filter(None, words))[:40].strip("-")
