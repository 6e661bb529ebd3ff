"""Two finished surveys of the invented company, answered by phone: enough for a range, a course and reasons (running_survey.py: a third).

The second one is better by a few points, and yet the change is not proven: just what the page is there to say.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from customers.models import Customer, OrderLine
from innendienst.lib.dates import add_months
from innendienst.lib.money import money_sum
from nps import praise, tallies
from nps.models import Channel, Response, SurveyWave
from nps.questions import questions
from nps.reasons import words_and_groups
from nps.segments import Segments, segments_of

_WAVES = ((392, 110, (30, 24, 28, 14, 10, 5, 4, 2)), (203, 120, (34, 27, 26, 13, 9, 4, 3, 2)))
"""Days ago, answers, and how often the ratings 10, 9, … 3 are given."""
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
_CLASSES = ((Decimal("0.80"), "A"), (Decimal("0.95"), "B"))
CUSTOMERS_MOST = 2_000
_WHY = "the demo's own customers"


def write_surveys(seed: int, today: dt.date) -> None:
    """Both surveys with their figures; the same seed, day and customers make the same answers."""
    draw = Random(seed)  # noqa: S311 - the same seed must make the same answers
    segments = segments_from_orders(surveyed_ids(), today)
    for days_ago, count, weights in _WAVES:
        day = today - dt.timedelta(days=days_ago)
        wave = SurveyWave.objects.create(name=wave_name(day), starts_on=day, ends_on=day + dt.timedelta(days=21), **questions())
        asked = draw.sample(sorted(segments), min(count, len(segments)))
        answers = [
            Response(
                wave=wave, customer_id=pk, rating=rating, channel=Channel.PHONE, answered_on=day + dt.timedelta(days=draw.randrange(20)),
                **words_and_groups(reason_for(rating, draw)), **segments[pk].as_fields(),
            )
            for pk, rating in zip(asked, draw_ratings(weights, len(asked), draw), strict=True)
        ]  # fmt: skip
        Response.objects.bulk_create(answers)
        praise.keep(asked)
        tallies.refresh(wave.pk)


def surveyed_ids() -> list[int]:
    """The customers that surveys of the demo are about."""
    return list(Customer.objects.for_system(_WHY).order_by("number_key").values_list("pk", flat=True)[:CUSTOMERS_MOST])


def wave_name(day: dt.date) -> str:
    return f"Kundenbefragung {'Frühjahr' if day.month <= 6 else 'Herbst'} {day.year}"


def draw_ratings(weights: Sequence[int], count: int, draw: Random) -> list[int]:
    """Ratings from 10 downwards, as often as their weights say."""
    return draw.choices(range(10, 10 - len(weights), -1), weights, k=count)


def reason_for(rating: int, draw: Random) -> str:
    return draw.choice(_REASONS[rating > 7])


def segments_from_orders(ids: Sequence[int], today: dt.date) -> dict[int, Segments]:
    """As `segments_of`, whose class, revenue and product group come from kept tables: while the demo is written these are empty."""
    lines = OrderLine.objects.for_system(_WHY).filter(customer__in=ids, ordered_on__gt=add_months(today, -12), status__in=OrderLine.COUNTED)
    revenues = dict(lines.order_by().values_list("customer").annotate(total=money_sum("revenue_net")))
    grouped = lines.filter(product__group__isnull=False).values_list("customer", "product__group__name")
    by_group = grouped.annotate(total=money_sum("revenue_net")).order_by("customer", "total", "-product__group__name")
    groups = {customer: name for customer, name, _total in by_group}
    classes = _classes(revenues)
    return {
        pk: replace(one, abc_class=classes.get(pk, "C"), revenue_12m=revenues.get(pk), product_group=groups.get(pk, ""))
        for pk, one in segments_of(ids, today).items()
    }


def _classes(revenues: Mapping[int, Decimal]) -> dict[int, str]:
    """Those who bring the first 80 % are A, the next 15 % B."""
    total, reached, classes = sum(revenues.values(), Decimal(0)), Decimal(0), {}
    for pk, revenue in sorted(revenues.items(), key=lambda one: -one[1]):
        reached += revenue
        classes[pk] = next((name for limit, name in _CLASSES if reached <= total * limit), "C")
    return classes
