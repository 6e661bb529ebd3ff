"""What references cost with many customers: the five questions and the overview against table50, the night's moments as a whole.

Every tenth customer is rated, every fiftieth had a complaint that was made good, every twentieth answered as a promoter, every
hundredth recommends us. The lists are opened by one of 200 reps.
"""

import datetime as dt
import time
from collections.abc import Iterator

from bench import product
from bench.figures import Figure
from bench.product import progress

SETTINGS = "bench.settings"
LIST_MOST, REPS = 3, 200


def measure(customers: int = 200_000) -> Iterator[Figure]:
    with product.installed(SETTINGS) as database:
        from bench import browser, desk, web
        from referrals.five_questions import Question

        company = desk.load(customers)
        _fill(company)
        yield from _night(company.today)
        product.settle()
        with web.serving(database, SETTINGS) as server:
            rep, carla = (browser.Person(server.port, desk.signed_in(person)) for person in (_one_of_many(company), _manager()))
            for question in Question:
                page = web.Page(f"question “{question}”", lambda path=f"/references/questions/{question}/": rep.get(path), LIST_MOST)
                yield web.against_table(server, page)
            for name, path, most in (
                ("question “recommend”, for the management", "/references/questions/recommend/", LIST_MOST),
                ("references at a glance", "/references/overview/", None),
            ):
                yield web.against_table(server, web.Page(name, lambda path=path: carla.get(path), most))


def _fill(company) -> None:
    from bench.copying import copy_models
    from customers.models import Complaint, ComplaintTransition
    from innendienst.lib.dates import instant
    from nps import praise
    from nps.models import Response
    from referrals.models import Recommender, ReferenceCustomer

    started, today, by = time.monotonic(), company.today, company.busy.pk
    ratings = ({"open_minded": pk % 4, "well_disposed": pk // 4 % 4, "well_connected": pk // 16 % 4} for pk in company.ids[::10])
    copy_models(ReferenceCustomer, ({"customer_id": pk, **rated} for pk, rated in zip(company.ids[::10], ratings, strict=True)))
    copy_models(Recommender, ({"customer_id": pk, "contact_id": 2 * pk} for pk in company.ids[100::100]))
    settled = company.ids[::50]
    day = today - dt.timedelta(days=30)
    copy_models(
        Complaint,
        ({"customer_id": pk, "title": "Palette", "state": "confirmed", "raised_on": day, "raised_by_id": by} for pk in settled),
    )
    copy_models(
        ComplaintTransition,
        ({"complaint_id": pk, "to_state": "confirmed", "at": instant(day, dt.time(9)), "by_id": by} for pk in range(1, len(settled) + 1)),
    )
    wave = _wave(day)
    answers = (
        {"wave_id": wave, "customer_id": pk, "rating": 9 + pk % 2, "channel": "email", "answered_on": day} for pk in company.ids[::20]
    )
    copy_models(Response, answers)
    praise.keep_all()
    product.settle()
    progress(f"references, complaints and answers written: {time.monotonic() - started:.0f} s")


def _wave(day: dt.date) -> int:
    from nps.models import SurveyWave

    wave = SurveyWave.objects.create(name="Herbst", starts_on=day, ends_on=day, question_de="Wie?", question_en="How?")
    return wave.pk


def _one_of_many(company):
    """A rep with as many customers as each of 200 has; his own promoters are looked for among everybody's answers."""
    from accounts.models import Role, User
    from customers.models import Customer

    rep = User.objects.create(username="one", role=Role.REP, team=company.busy.team)
    own = company.rng.sample(company.ids, max(company.customers // REPS, 1))
    Customer.objects.for_system("measuring").filter(pk__in=own).update(owner=rep)
    product.settle()
    return rep


def _manager():
    from accounts.models import Role, User

    return User.objects.create(username="manager", role=Role.MANAGER)


def _night(today: dt.date) -> Iterator[Figure]:
    """Seconds of each of the night's steps that look at all customers; a second time they find nothing."""
    from referrals import moments, scoring, suggesting

    steps = {"points of references": scoring.refresh_points, "right moments": moments.find, "suggestions": suggesting.suggest}
    for name, step in steps.items():
        for turn in ("", ", a second time"):
            started = time.monotonic()
            count = step(today)
            yield Figure(f"night: {name}{turn} ({count:,})", time.monotonic() - started, None, None, None, "s")
