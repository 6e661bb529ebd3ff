"""Many reps at once behind two web processes: each goes from his day to customer, search and list, and saves a call, again and again.

Nobody pauses to think, so that fifty here are many more in an office. What counts are wrong answers and lost calls, not times.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from urllib.parse import urlencode

from bench import postgres, product
from bench.browser import Person, WrongAnswer, filled_form
from bench.figures import Figure
from bench.product import Database, progress

SETTINGS = "bench.settings"
REPS, CUSTOMERS = 50, 20_000
CALLS_PER_REP = 10
_LOOKED_AT = ("/", "/customers/?" + urlencode({"q": "Schäfer"}), "/customers/?sort=-revenue", "/search/?" + urlencode({"q": "Dresden"}))


def measure(
    customers: int = CUSTOMERS, reps: int = REPS, running: Callable[[], AbstractContextManager[Database]] = postgres.running
) -> list[Figure]:
    with product.installed(SETTINGS, running) as database:
        from bench import desk, web  # models can be imported now that Django is set up
        from customers.models import Activity

        company = desk.load(customers)
        to_call = desk.with_reasons(company)
        with web.serving(database, SETTINGS, workers=2) as server:
            crowd = [Person(server.port, desk.signed_in(user)) for user in _users(company, reps)]
            calls = Activity.objects.for_system("bench").filter(kind="call")
            before, started = calls.count(), time.monotonic()
            with ThreadPoolExecutor(reps) as pool:
                shares = [to_call[index :: len(crowd)][:CALLS_PER_REP] for index in range(len(crowd))]
                wrong = [error for errors in pool.map(lambda pair: list(_work(*pair)), zip(crowd, shares, strict=True)) for error in errors]
            took, stored = time.monotonic() - started, calls.count() - before
        for error in wrong[:3]:
            progress(error)
        saved = sum(map(len, shares))
        progress(f"{saved * (len(_LOOKED_AT) + 3)} requests in {took:.0f} s")
    return [
        Figure(f"{reps} reps at once: wrong answers", len(wrong), None, None, 0, "answers"),
        Figure(f"{reps} reps, {saved} calls: lost or twice", abs(saved - stored), None, None, 0, "calls"),
    ]


def _users(company, count: int) -> list:
    from accounts.models import Role, User

    team = company.busy.team
    return [User.objects.create(username=f"crowd{index}", first_name=f"Crowd {index}", role=Role.REP, team=team) for index in range(count)]


def _work(person: Person, customers: list[int]) -> Iterator[str]:
    """What went wrong while that person called these customers."""
    for customer in customers:
        try:
            for path in (*_LOOKED_AT, f"/customers/{customer}/"):
                person.get(path)
            page = person.get(f"/?customer={customer}").body
            person.post("/calls/", filled_form(page, "/calls/", outcome="interested", note="Will ein Angebot."))
        except (WrongAnswer, OSError, LookupError) as error:
            yield f"{type(error).__name__}: {str(error)[:300]}"
