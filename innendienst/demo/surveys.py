"""Two finished surveys of the invented company, answered by phone: enough for a range, a course and reasons.

The second one is better by a few points, and yet the change is not proven: just what the page is there to say.
"""

import datetime as dt
from random import Random

from customers.models import Customer
from nps import tallies
from nps.models import Channel, Response, SurveyWave
from nps.questions import questions
from nps.segments import segments_of

_WAVES = (
    ("Kundenbefragung Frühjahr", 210, 110, (30, 24, 28, 14, 10, 5, 4, 2)),
    ("Kundenbefragung Herbst", 30, 120, (34, 27, 26, 13, 9, 4, 3, 2)),
)
"""Name, days ago, answers, and how often the ratings 10, 9, … 3 are given."""
_REASONS = {
    True: ("Lieferung kommt immer pünktlich.", "Freundliche Beratung.", "Gute Qualität der Ware.", "Großes Sortiment, gute Preise.", ""),
    False: (
        "Liefertermin nicht gehalten.",
        "Telefonisch schlecht erreichbar.",
        "Preise sind gestiegen.",
        "Reklamation dauerte zu lange.",
        "",
    ),
}
_WHY = "the demo's own customers"


def write_surveys(seed: int, today: dt.date) -> None:
    """Both surveys with their figures; the same seed, day and customers make the same answers."""
    draw = Random(seed)  # noqa: S311 - the same seed must make the same answers
    ids = list(Customer.objects.for_system(_WHY).order_by("number_key").values_list("pk", flat=True))
    segments = segments_of(ids[:2_000], today)
    for name, days_ago, count, weights in _WAVES:
        day = today - dt.timedelta(days=days_ago)
        wave = SurveyWave.objects.create(name=f"{name} {day.year}", starts_on=day, ends_on=day + dt.timedelta(days=21), **questions())
        asked = draw.sample(sorted(segments), min(count, len(segments)))
        ratings = draw.choices(range(10, 2, -1), weights, k=len(asked))
        answers = [
            Response(
                wave=wave, customer_id=pk, rating=rating, channel=Channel.PHONE, answered_on=day + dt.timedelta(days=draw.randrange(20)),
                reason=draw.choice(_REASONS[rating > 7]), **segments[pk].as_fields(),
            )
            for pk, rating in zip(asked, ratings, strict=True)
        ]  # fmt: skip
        Response.objects.bulk_create(answers)
        tallies.refresh(wave.pk)
