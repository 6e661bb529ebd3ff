"""What surveys cost: the dashboard over 10,000 and over 1,000,000 answers, an answer on the page, 200,000 of them as a workbook.

The dashboard and the answer page are compared with table50 of the same server. The bare writer puts the same number of rows and
cells into a workbook and does nothing else.
"""

import datetime as dt
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import product
from bench.figures import Figure, compared
from bench.product import ROOT, progress

SETTINGS = "bench.settings"
WAVES, FEW, MANY, EXPORTED, POSTED, CLIENTS = 40, 10_000, 1_000_000, 200_000, 5_000, 8
CUSTOMERS = 5_000
DASHBOARD_MOST, POST_MOST, EXPORT_MOST, EXPORT_MIB_MOST, VISIBLE_SECONDS_MOST = 4, 2, 1.5, 250, 10


def measure() -> Iterator[Figure]:
    with product.installed(SETTINGS) as database:
        from bench import browser, desk, web

        company = desk.load(CUSTOMERS)
        waves = _waves(dt.date(2016, 1, 1))
        _fill(waves, FEW)
        with web.serving(database, SETTINGS) as server:
            anna = browser.Person(server.port, desk.signed_in(company.busy))
            page = web.Page("dashboard, 10,000 answers in 40 waves", lambda: anna.get("/nps/?by=industry"), DASHBOARD_MOST)
            yield web.against_table(server, page)
            _fill(waves, MANY - FEW)
            page = web.Page("the same, 1,000,000 answers", page.ask, DASHBOARD_MOST)
            yield web.against_table(server, page)
            yield _visible_after(waves[-1])
            links = iter(_links(2 * web.REQUESTS_PER_PAGE + POSTED))
            stranger = browser.Person(server.port)
            form = [("rating", "9"), ("reason", "Lieferung kommt immer pünktlich.")]
            page = web.Page("a promoter's answer stored on the page", lambda: stranger.post(next(links), form, expected=303), POST_MOST)
            yield web.against_table(server, page)
            critical = [("rating", "3"), ("reason", "Lieferung kam zu spät.")]
            page = web.Page("the same of a detractor", lambda: stranger.post(next(links), critical, expected=303), POST_MOST)
            yield web.against_table(server, page)
            yield _followed(database)
        with web.serving(database, SETTINGS, workers=2) as server:
            yield from _many_clients(server.port, list(links), form)
        yield from _export(database)


def _waves(first: dt.date) -> list:
    from nps.models import SurveyWave

    return [
        SurveyWave.objects.create(
            name=f"Welle {index:02d}", starts_on=first + dt.timedelta(days=90 * index), ends_on=first + dt.timedelta(days=90 * index + 21),
            question_de="Wie wahrscheinlich?", question_en="How likely?",
        )
        for index in range(WAVES)
    ]  # fmt: skip


def _fill(waves: list, count: int) -> None:
    """So many answers, evenly over the waves; their figures follow."""
    from bench.copying import copy_models
    from nps import tallies
    from nps.models import Response

    started = time.monotonic()
    copy_models(Response, _answers(waves, count))
    for wave in waves:
        tallies.refresh(wave.pk)
    product.settle()
    progress(f"{count:,} answers written and counted: {time.monotonic() - started:.0f} s")


def _answers(waves: list, count: int) -> Iterator[dict[str, object]]:
    from nps.reasons import words_and_groups

    chance = random.Random(count)
    reasons = [words_and_groups(words) for words in ("Lieferung zu spät", "Preis ist gut", "Freundliche Beratung", "")]
    industries = ("Bau", "Handel", "Pflege", "Metall", "Druck", "Gastronomie")
    for index in range(count):
        wave = waves[index % len(waves)]
        yield {
            "wave_id": wave.pk, "customer_id": 1 + index % CUSTOMERS, "rating": chance.choice((1, 3, 5, 7, 8, 8, 9, 9, 10, 10)),
            "channel": "email", "answered_on": wave.starts_on, **chance.choice(reasons), "abc_class": chance.choice("ABC"),
            "industry": chance.choice(industries), "region": f"{chance.randrange(10, 99)}", "customer_age": "1-3",
            "team": chance.choice(("Nord", "Süd")), "revenue_12m": chance.randrange(90_000),
        }  # fmt: skip


def _visible_after(wave) -> Figure:
    """From an answer to its figure, in a wave of 25,000: seconds of the job, which starts at once."""
    from nps import tallies
    from nps.models import Response

    Response.objects.create(wave=wave, rating=9, channel="phone", answered_on=wave.starts_on)
    started = time.monotonic()
    tallies.refresh(wave.pk)
    return Figure("a new answer among 25,000 is counted after", time.monotonic() - started, None, None, VISIBLE_SECONDS_MOST, "s")


def _followed(database) -> Figure:
    """What the job that follows costs per detractor: his case with all that belongs to it, and the figures."""
    from bench.cost import cost_of
    from innendienst.base import jobs
    from innendienst.base.models import Job
    from nps.models import Case
    from nps.tallies import TALLY

    waiting = list(Job.objects.filter(kind=TALLY, state=Job.State.QUEUED).values_list("pk", flat=True))
    cost = cost_of(lambda: [jobs.run(pk) for pk in waiting], database)
    opened = Case.objects.for_system("bench").count()
    return Figure("its case and the figures, by a job", cost.cpu / opened * 1000, None, None, None, "ms")


def _links(count: int) -> list[str]:
    """Open invitations, a person each, of a survey of its own per 5,000."""
    from django.utils import timezone

    from nps import tokens
    from nps.models import Invitation, SurveyWave

    today, links = timezone.localdate(), []
    for start in range(0, count, CUSTOMERS):
        wave = SurveyWave.objects.create(
            name=f"Läuft {start}", state="open", starts_on=today, ends_on=today, question_de="Wie?", question_en="How?"
        )
        rows = []
        for index in range(min(CUSTOMERS, count - start)):
            nonce = secrets.token_hex(16)
            token = tokens.make(nonce)
            links.append(f"/s/{token}/")
            rows.append(
                Invitation(
                    wave=wave, customer_id=1 + index, channel="email", state="sent", sent_on=today, nonce=nonce,
                    token_hash=tokens.digest(token),
                )
            )  # fmt: skip
        Invitation.objects.bulk_create(rows)
    return links


def _many_clients(port: int, links: list[str], form: list[tuple[str, str]]) -> list[Figure]:
    """All links by several clients at once, each link twice: none lost, none twice."""
    from bench.browser import Person
    from nps.models import Response

    before = Response.objects.for_system("bench").exclude(invitation=None).count()
    people = [Person(port) for _index in range(CLIENTS)]
    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda one: people[one[0] % CLIENTS].post(one[1], form, expected=303), enumerate([*links, *links[:500]])))
    progress(f"{len(links) + 500:,} posts by {CLIENTS} clients: {time.monotonic() - started:.0f} s")
    stored = Response.objects.for_system("bench").exclude(invitation=None).count() - before
    return [Figure(f"{len(links):,} answers by {CLIENTS} clients: lost or twice", abs(len(links) - stored), None, None, 0, "answers")]


def _export(database) -> list[Figure]:
    """The workbook of 200,000 answers, written by the command in a process of its own, against the bare writer in this one."""
    from bench.customer_bench import cost_of

    wave = _large_wave()
    with tempfile.TemporaryDirectory() as folder:
        bare = cost_of("bare writer", lambda: _bare(Path(folder) / "bare.xlsx"), database)
        before = database.cpu_seconds()
        command = [sys.executable, "manage.py", "export_nps", wave.name, f"{folder}/own.xlsx"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        _pid, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"export_nps ended with {status}")
        ours = used.ru_utime + used.ru_stime + database.cpu_seconds() - before
        progress(f"workbook written: {ours:.0f} s of processor time, the start of the command among them")
    return [
        compared("200,000 answers as a workbook: processor", ours, bare, EXPORT_MOST, "s"),
        Figure("the same: memory at most", used.ru_maxrss / 1024, None, None, EXPORT_MIB_MOST, "MiB"),
    ]


def _large_wave():
    from nps.models import SurveyWave

    day = dt.date(2030, 1, 1)
    wave = SurveyWave.objects.create(name="Groß", starts_on=day, ends_on=day, question_de="Wie?", question_en="How?")
    _fill([wave], EXPORTED)
    return wave


def _bare(path: Path) -> None:
    """The same cells: seven texts, four numbers and the formula, by the bare library, without a database and without a thought."""
    import xlsxwriter

    texts = ("000123", "Bäckerei Nord GmbH", "Gastronomie", "A", "E-Mail", "Lieferung kommt immer pünktlich.", "1234567")
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(EXPORTED):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
            for column in range(len(texts), len(texts) + 4):
                sheet.write_number(row, column, row)
            cell = f"J{row + 1}"
            formula = f'=IF(ISNUMBER({cell}),IF({cell}>=thr_p,"Promotor",IF({cell}<=thr_d,"Detraktor","Passiver")),"")'
            sheet.write_formula(row, len(texts) + 4, formula, None, "Promotor")
