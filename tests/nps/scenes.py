"""Waves and answers for tests: every answer is a row, the figures are counted from them."""

import datetime as dt
import secrets
from collections.abc import Mapping

from django.utils import timezone

from customers.models import Consent, Contact, Customer
from innendienst.base import jobs
from innendienst.base.models import Job
from nps import praise, tallies, tokens
from nps.models import Invitation, Response, SurveyWave
from nps.reasons import words_and_groups
from nps.sample import draw_sample
from nps.sampling import Rule
from nps.segments import Segments, segments_of
from nps.waves import create_wave
from tests.factories import make_contact, make_listed

DAY = dt.date(2026, 9, 1)
A = {10: 30, 9: 24, 8: 28, 7: 14, 6: 10, 5: 4, 4: 2, 3: 2, 2: 4, 1: 2}
"""The worked example A of the domain guide: 54 promoters, 42 passives, 24 detractors."""
B = {10: 30, 9: 47, 8: 28, 7: 14, 6: 10, 5: 4, 4: 2, 3: 2, 2: 1, 1: 2}
"""The worked example B: 77 of 140, 21 detractors."""
FROM_0 = {10: 30, 9: 24, 8: 28, 7: 14, 6: 10, 5: 4, 4: 2, 3: 2, 2: 1, 1: 2, 0: 3}
"""Like A, on the scale from 0."""


def make_wave(name: str = "Herbst 2026", counts: Mapping[int, int] | None = None, *, day: dt.date = DAY, **fields) -> SurveyWave:
    """A wave with so many answers per rating; they lead to nobody."""
    values = {
        "starts_on": day,
        "ends_on": day + dt.timedelta(days=21),
        "question_de": "Wie?",
        "question_en": "How?",
    }
    wave = SurveyWave.objects.create(name=name, **{**values, **fields})
    add_answers(wave, counts or {})
    return wave


def make_draft(actor, **fields) -> SurveyWave:
    """A survey whose sample is drawn and that nobody has started."""
    today = timezone.localdate()
    values = {
        "name": "Herbst", "question_de": "Wie wahrscheinlich?", "question_en": "How likely?",
        "starts_on": today, "ends_on": today + dt.timedelta(days=21), "rule": Rule().stored(),
    }  # fmt: skip
    wave = create_wave(actor=actor, **{**values, **fields})
    draw_sample(wave.pk)
    wave.refresh_from_db()
    return wave


def states(wave: SurveyWave) -> list[str]:
    """How far each person of a survey is, in the order of the customers' names."""
    return list(Invitation.objects.for_system("test").filter(wave=wave).order_by("customer__sort_key").values_list("state", flat=True))


def make_invitation(wave: SurveyWave, customer: Customer, contact: Contact | None = None, **fields) -> Invitation:
    """Somebody the wave asks, with a link of his own."""
    nonce = secrets.token_hex(16)
    values = {"channel": "email", "state": "sent", "sent_on": wave.starts_on, **fields}
    return Invitation.objects.create(
        wave=wave, customer=customer, contact=contact, nonce=nonce, token_hash=tokens.digest(tokens.make(nonce)), **values
    )


def make_person(name: str = "", *, email: str = "", address: bool = False, **fields):
    """A customer with a contact who bought lately, so that calling is allowed; with `email` he agreed to mails."""
    where = {"street": "Hafenweg 1", "postcode": "20457", "town": "Hamburg"} if address else {}
    customer = make_listed(name, facts={"last_order_on": timezone.localdate()}, **where, **fields)
    contact = make_contact(customer, email=email, salutation="ms", title="Dr.")
    if email:
        Consent.objects.create(
            contact=contact, customer=customer, channel="email", text_version="1", proof="Mail", granted_at=timezone.now()
        )
    return contact


def run_jobs(kind: str) -> None:
    for job in Job.objects.filter(kind=kind, state="queued"):
        assert jobs.run(job.pk)


def add_answers(wave: SurveyWave, counts: Mapping[int, int], **fields) -> None:
    """So many answers per rating, all with the same other columns; the figures follow."""
    values = {"channel": "list", "answered_on": wave.starts_on, **fields, **words_and_groups(fields.get("reason", ""))}
    Response.objects.bulk_create(
        Response(wave=wave, rating=rating, **values) for rating, count in counts.items() for _index in range(count)
    )
    tallies.refresh(wave.pk)


def answer(wave: SurveyWave, customer: Customer, rating: int, **fields) -> Response:
    """One answer of a customer, with his segments as they are."""
    segments = segments_of([customer.pk], wave.starts_on).get(customer.pk, Segments())
    values = {"channel": "phone", "answered_on": wave.starts_on, **segments.as_fields(), **fields}
    values |= words_and_groups(fields.get("reason", ""))
    response = Response.objects.create(wave=wave, customer=customer, rating=rating, **values)
    praise.keep([customer.pk])
    tallies.refresh(wave.pk)
    return response
