"""What must never happen, as a rule with the ways by which it could happen after all.

A rule has one attempt per way: pages, the API, the administration, files that leave and come back, jobs. For a way that does not
exist it says why; `test_a_way_that_is_not_tried_does_not_exist` looks whether that is still so.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import openpyxl
import python_calamine as calamine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns import day_list
from customers import outbox
from customers.models import Message
from innendienst.base import jobs
from innendienst.lib.dates import next_working_day
from innendienst.lib.downloads import XLSX
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import KINDS
from referrals import reminders, suggesting
from referrals.models import ReferenceCustomer, ReferencePlan
from tests.nps.scenes import run_jobs
from tests.reading import text as text_of

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)
NUMBER, DIGITS = "030 23125-555", "23125555"

WAYS = ("page", "api", "administration", "export", "job")
Way = Callable[[], None] | str

ONLY_TELLS_WHO_CALLS = "the API says who calls from a number, and takes nothing"
NOT_REGISTERED = "no table of references and referrals is registered in the administration"
NO_JOB_ACTS = "no job asks, uses or calls anybody"


@dataclass(frozen=True)
class Cast:
    """Anna and Bernd sell, Carla manages, Dieter administers, Nora does marketing, Dirk is in the field."""

    anna: User
    bernd: User
    carla: User
    dieter: User
    nora: User
    dirk: User


class Never:
    """A rule. `scene` puts up what it is about; after each attempt `holds` says that nothing has happened."""

    variants: tuple[str, ...] = ("",)
    way = ""
    """The one that is being tried."""
    page: Way
    api: Way = ONLY_TELLS_WHO_CALLS
    administration: Way = NOT_REGISTERED
    export: Way
    job: Way

    def __init__(self, cast: Cast, variant: str) -> None:
        self.cast, self.variant = cast, variant

    def scene(self) -> None: ...

    def holds(self) -> None:
        raise NotImplementedError


class NeverShow(Never):
    """A rule about what can be read: every way is looked through for `needles`, on behalf of `reader`."""

    needles: tuple[str, ...]
    things: tuple = ()
    seen = ""

    @property
    def reader(self) -> User:
        return self.cast.anna

    def page(self) -> None:
        self.seen = by_page(self.reader, *self.things)

    def api(self) -> None:
        self.seen = by_api(self.reader)

    def administration(self) -> None:
        self.seen = by_administration(self.cast.dieter, *self.things)

    def export(self) -> None:
        self.seen = by_export(self.reader, self.cast.carla)

    def job(self) -> None:
        self.seen = by_job(self.reader)

    def holds(self) -> None:
        assert [needle for needle in self.needles if needle in self.seen] == []


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(user: User, thing, name: str, **more):
    """An act on the page of a reference or a referral, with the version that stands there now."""
    kind = "references" if isinstance(thing, ReferenceCustomer) else "referrals"
    thing.refresh_from_db()
    return signed_in(user).post(reverse(f"{kind}:act", args=[thing.pk]), {"act": name, "version": thing.version, **more}, follow=True)


def pages(*things) -> list[str]:
    """Every page that tells of references, referrals and these rows."""
    found = ["/", "/references/?state=all", "/references/library/", "/referrals/?group=all", "/referrals/recommenders/", "/customers/"]
    found += [f"/references/questions/{name}/" for name in ("regular", "completed", "made_good", "recommend", "name")]
    for thing in things:
        kind = "references" if isinstance(thing, ReferenceCustomer) else "referrals"
        found += [reverse(f"{kind}:detail", args=[thing.pk]), thing.customer.get_absolute_url(), f"/?customer={thing.customer_id}"]
    return found


def by_page(user: User, *things) -> str:
    client = signed_in(user)
    return " ".join(text_of(client.get(address)) for address in pages(*things))


def by_api(user: User) -> str:
    """What machines are told: who calls from a number; nothing on behalf of somebody who takes no calls."""
    asked = signed_in(user).get("/api/v1/calls/incoming", {"number": NUMBER}, headers={"accept": "application/json"})
    return json.dumps(asked.json(), ensure_ascii=False) if asked.status_code == 200 else ""


def by_administration(dieter: User, *things) -> str:
    client = signed_in(dieter)
    found = []
    for thing in things:
        found.append(client.get(f"/admin/customers/customer/{thing.customer_id}/change/"))
        if thing.contact_id:
            found.append(client.get(f"/admin/customers/contact/{thing.contact_id}/change/"))
    return " ".join(text_of(one) for one in found)


def make_plan(carla: User) -> ReferencePlan:
    days = {"starts_on": TODAY() - 30 * DAY, "ends_on": TODAY() + 60 * DAY}
    return acts.make(actor=carla, kind=KINDS["references"], document=ReferencePlan(**days))


def by_export(user: User, carla: User) -> str:
    """The workbook of references, and a reference plan as a sheet and as a workbook."""
    client, args = signed_in(user), ["references", make_plan(carla).pk]
    books = [client.get(address) for address in ("/references/export/?state=all", reverse("plans:export", args=args))]
    sheets = [sheet for book in books for sheet in sheets_of(book.content)]
    return f"{sheets} {text_of(client.get(reverse('plans:detail', args=args)))}"


def sheets_of(content: bytes) -> list:
    book = calamine.load_workbook(BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def by_filled_plan(carla: User, section: str, **typed: object) -> None:
    """A reference plan leaves as a workbook and comes back: in a section each row, and a new one, says so."""
    plan, client = make_plan(carla), signed_in(carla)
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("plans:export", args=["references", plan.pk])).content))
    sheet = book[section]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "##" for cell in row))
    titles = {column.key: str(column.title) for column in plan.template.section(section).columns}
    places = {str(cell.value): cell.column for cell in head}
    for line in range(head[0].row + 1, head[0].row + 2 + plan.rows.filter(section=section).count()):
        for key, value in typed.items():
            sheet.cell(line, places[titles[key]]).value = value
    filled = BytesIO()
    book.save(filled)
    file = SimpleUploadedFile("plan.xlsx", filled.getvalue(), content_type=XLSX)
    client.post(reverse("plans:import", args=["references", plan.pk]), {"file": file})
    client.post(reverse("plans:refresh", args=["references", plan.pk]))
    assert plan.rows.filter(section=section, cells__edited_by=carla).exists()


def by_job(user: User) -> str:
    """The night, the list of the day and the mail that tells of it."""
    jobs.run(jobs.request("references").pk)
    day_list.draw(user, TODAY())
    outbox.queue_message(kind="digest", key=f"test:{user.pk}", user=user, day=TODAY().isoformat())
    run_jobs("send_mail")
    told = " ".join(f"{sent.subject} {sent.body}" for sent in mail.outbox)
    mail.outbox.clear()
    Message.objects.all().delete()
    return told


def nights(until: dt.date) -> None:
    """Reminders and suggestions of each day before that one."""
    day = next_working_day(TODAY())
    while day < until:
        reminders.remind(day)
        suggesting.suggest(day)
        day += DAY
