"""Customers with their people, calls and follow-ups, as rows."""

import datetime as dt
import random
from collections.abc import Iterator

from bench.volume.company import Company
from customers.models.activities import Outcome
from innendienst.demo import names, numbers, places
from innendienst.lib.dates import instant
from innendienst.lib.folding import business_key, sort_key

CONTACTS_OF_LARGEST = 30
CALLS_OF_LARGEST = 300


def customer(company: Company, pk: int) -> dict[str, object]:
    rng, region, phone = company.rng, numbers.region_of(pk), numbers.switchboard(pk)
    number, name = f"K{pk:06d}", _company_name(rng)
    postcode, town = region.towns[pk // len(places.REGIONS) % 4]  # twenty towns in all: thousands of hits each
    return {
        "number": number, "number_key": business_key(number), "name": name, "sort_key": sort_key(name),
        "street": f"{rng.choice(places.STREETS)} {rng.randint(1, 199)}", "postcode": postcode, "town": town,
        "phone": phone.raw, "phone_e164": phone.e164, "phone_extension_digits": phone.extension_digits,
        "email": f"info@kunde-{pk}.example", "customer_since": company.today - dt.timedelta(days=rng.randint(1100, 9000)),
        "industry": rng.choice(("Maschinenbau", "Großhandel", "Hotel", "Pflege", "Logistik")), "owner_id": company.owner_id(pk),
    }  # fmt: skip


def _company_name(rng: random.Random) -> str:
    brand = "".join(rng.choice(part) for part in names.BRAND_SYLLABLES)
    form = rng.choices(names.COMMERCIAL_FORMS, names.COMMERCIAL_WEIGHTS)[0]
    return f"{brand} Betriebe {form}" if rng.random() < 0.5 else f"{rng.choice(names.SURNAMES)} {rng.choice(names.KIN)} {brand} {form}"


def contacts(company: Company, pk: int) -> Iterator[dict[str, object]]:
    """Two or three people, so 2.5 on average."""
    for index in range(CONTACTS_OF_LARGEST if pk == company.largest else 2 + pk % 2):
        salutation = "ms" if index % 2 == 0 else "mr"
        phone = numbers.direct_line(pk)
        yield {
            "customer_id": pk, "salutation": salutation, "first_name": company.rng.choice(names.FIRST_NAMES[salutation]),
            "last_name": company.rng.choice(names.SURNAMES), "role": "Einkauf", "email": f"person{index}@kunde-{pk}.example",
            "match_key": f"person{index}@kunde-{pk}.example",
            "phone": phone.raw, "phone_e164": phone.e164, "phone_extension_digits": phone.extension_digits,
        }  # fmt: skip


def calls(company: Company, pk: int) -> Iterator[dict[str, object]]:
    """Those of the last year: usually one with two of three customers, hundreds with the largest."""
    rng = company.rng
    for _index in range(CALLS_OF_LARGEST if pk == company.largest else (company.size.calls_per_three_customers + pk % 3) // 3):
        day = company.today - dt.timedelta(days=rng.randint(20, 365))
        yield {
            "customer_id": pk, "outcome": rng.choice(Outcome.values), "note": "Hat gerade wenig Zeit.\nAb Dienstag wieder.",
            "at": instant(day, dt.time(10, rng.randrange(60))), "by_id": company.owner_id(pk) or company.busy.pk,
        }  # fmt: skip


def follow_ups(company: Company) -> Iterator[dict[str, object]]:
    """Every hundredth customer with an owner has one: the youngest are due today."""
    for index, pk in enumerate(range(3, company.customers, 100)):
        if owner := company.owner_id(pk):
            yield {
                "customer_id": pk,
                "assignee_id": owner,
                "due_on": company.today + dt.timedelta(days=index // 160),
                "note": "Angebot nachfassen",
            }
