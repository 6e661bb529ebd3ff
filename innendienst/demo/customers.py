"""The companies that buy: name, place, people, who looks after them, and how their buying develops."""

import datetime as dt
import math
import random
from dataclasses import dataclass, replace
from enum import Enum

from innendienst.demo import names, numbers
from innendienst.demo.goods import BY_SKU, Article
from innendienst.demo.industries import BY_NAME, INDUSTRIES, SHARES, Industry
from innendienst.demo.people import Head, Person, make_people
from innendienst.demo.places import STREETS
from innendienst.demo.staff import DEFAULT_SIGN_IN, FIELD_SALES, REPS, user_word
from innendienst.demo.timeline import Timeline, dice
from innendienst.lib.phones import Phone

UNOWNED_SHARE = 0.06
BRANCH_SHARE = 0.015
_BRANCHES_OF = 50  # every fiftieth customer may have branches among the next ones
_FIRST_NUMBER = 101


class Course(Enum):
    """How a customer's buying develops."""

    STEADY = "steady"
    GROWING = "growing"
    DECLINING = "declining"
    CHURNED = "churned"
    NEWCOMER = "newcomer"
    ONE_OFF = "one_off"
    PROSPECT = "prospect"


_COURSES, _COURSE_PERCENTS = tuple(Course), (62, 8, 8, 10, 7, 3, 2)


@dataclass(frozen=True, slots=True)
class Arranged:
    """What a shown customer is called for: he owns `device`, never buys `lacks` for it, and his next order is overdue."""

    device: Article
    lacks: Article


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
    arranged: Arranged | None


@dataclass(frozen=True, slots=True)
class Looks:
    """Name without and with its legal form, postcode and town, the first contact, and the number of the head office of a branch."""

    name: str
    form: str
    industry: Industry
    place: tuple[str, str]
    head: Head
    head_office: str = ""
    arranged: Arranged | None = None


# Their looks are fixed, so that pictures and manuals show the same names: Anna's, steady, of some size. All lie in the first
# region, which is every fifth index.
SHOWCASES = {
    0: Looks("Bäckerei Müller & Söhne", "GmbH & Co. KG", BY_NAME["Bäckerei"], ("01067", "Dresden"), Head("mr", "", "Müller"),
             arranged=Arranged(BY_SKU["1102"], BY_SKU["2109"])),
    5: Looks("Klinik am Süßgrund", "gGmbH", BY_NAME["Klinik"], ("04103", "Leipzig"), Head("ms", "Dr.", "Weiß")),
    10: Looks("Autohaus Nürk", "GmbH", BY_NAME["Autohaus"], ("01796", "Pirna"), Head("ms", "", "Nürk"),
              arranged=Arranged(BY_SKU["1302"], BY_SKU["2302"])),
    15: Looks("Präzisionsteile Voß", "KG", BY_NAME["Maschinenbau"], ("09111", "Chemnitz"), Head("mr", "", "Voß")),
    20: Looks("Gebäudedienste Öztürk", "GmbH", BY_NAME["Gebäudedienste"], ("01277", "Dresden"), Head("ms", "", "Öztürk"),
              arranged=Arranged(BY_SKU["1103"], BY_SKU["2401"])),
    25: Looks("Spedition Jäger", "OHG", BY_NAME["Spedition"], ("02625", "Bautzen"), Head("mr", "", "Jäger")),
    30: Looks("Großküche Zöller", "GmbH", BY_NAME["Großküche"], ("02826", "Görlitz"), Head("ms", "", "Zöller")),
}  # fmt: skip
# Somebody gave a company that was known a second number: what the list of likely duplicates is there for.
_SECOND_NUMBERS = {
    85: replace(SHOWCASES[10], name="Autohaus Nuerk", form="", arranged=None),
}


def make_company(seed: int, index: int, timeline: Timeline) -> Company:
    """The customer with this index; the same seed and index give the same one, however many there are."""
    rng = dice(seed, "company", index)
    looks = SHOWCASES.get(index) or _SECOND_NUMBERS.get(index) or _looks(rng, seed, index, timeline)
    is_shown = index in SHOWCASES
    name = f"{looks.name} {looks.form}".strip()
    postcode, town = looks.place
    domain = f"{_domain_word(looks.name)}-{_domain_word(town)}.example"
    size = _size(rng, looks.industry, is_shown=is_shown)
    course = Course.STEADY if is_shown else rng.choices(_COURSES, _COURSE_PERCENTS)[0]
    first_day, last_day = _buying_days(rng, course, timeline.end)
    team = _team(index)
    owner, field_owner = _owners(rng, team, size, is_shown=is_shown)
    return Company(
        index=index, number=customer_number(index), name=name, industry=looks.industry,
        street=f"{rng.choice(STREETS)} {rng.randint(1, 148)}{rng.choice(('', '', '', '', 'a', 'b'))}",
        postcode=postcode, town=town, phone=numbers.switchboard(index), email=f"info@{domain}",
        people=make_people(rng, index, name, looks.head, looks.industry, domain), team=team, owner=owner, field_owner=field_owner,
        head_office=looks.head_office, size=size, discount=_discount(rng, size), course=course,
        arranged=looks.arranged, first_day=first_day, last_day=last_day,
        since_on=None if course is Course.PROSPECT else _since(rng, first_day, timeline),
    )  # fmt: skip


def _looks(rng: random.Random, seed: int, index: int, timeline: Timeline) -> Looks:
    """An invented firm, or now and then a branch of one with a lower index."""
    place, family = rng.choice(numbers.region_of(index).towns), rng.choice(names.SURNAMES)
    if index > _BRANCHES_OF and index % _BRANCHES_OF and rng.random() < BRANCH_SHARE:
        head_office = make_company(seed, index - index % _BRANCHES_OF, timeline)
        name = f"{head_office.name}, Niederlassung {place[1]}"
        return Looks(name, "", head_office.industry, place, Head("", "", family), head_office.number)
    industry = rng.choices(INDUSTRIES, SHARES)[0]
    name, form = _firm(rng, industry, family)
    return Looks(name, form, industry, place, Head("", "", family))


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
    return min(4.0, max(2.5, size)) if is_shown else size


def _discount(rng: random.Random, size: float) -> float:
    return min(0.2, max(0.0, 0.04 * math.log(size + 1) + rng.uniform(-0.02, 0.05)))


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


def _domain_word(text: str) -> str:
    words = [user_word(word) for word in text.replace("-", " ").replace("/", " ").split()]
    return "-".join(filter(None, words))[:40].strip("-")
