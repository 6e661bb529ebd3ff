"""A sales plan, what stands in it, and its workbook."""

import datetime as dt
import io

import openpyxl
from django.urls import reverse
from django.utils import timezone

from campaigns.plans.models import SalesPlan, SalesPlanCell
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import KINDS

SALES = KINDS["sales"]


def make_plan(carla, team=None, **fields) -> SalesPlan:
    today = timezone.localdate()
    days = {"starts_on": today.replace(day=1), "ends_on": today + dt.timedelta(days=60), **fields}
    return acts.make(actor=carla, kind=SALES, document=SalesPlan(team=team, **days))


def row_of(plan, section, number=1):
    return plan.rows.filter(section=section, removed_at=None).order_by("position")[number - 1]


def cell(row, column) -> str:
    return dict(SalesPlanCell.objects.filter(row=row).values_list("column", "value")).get(column, "")


def write(client, plan, row, column, value, version=0):
    data = {"row": row.pk, "column": column, "value": value, "version": version}
    return client.post(reverse("plans:cell", args=["sales", plan.pk]), data)


def add_row(client, plan, section, **values):
    answer = client.post(reverse("plans:row_add", args=["sales", plan.pk, section]), values)
    assert answer.status_code == 302, answer.content
    return plan.rows.filter(section=section).order_by("-position").first()


def filled(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def upload(client, plan, book):
    return client.post(*uploading(plan, book))


def uploading(plan, book) -> tuple[str, dict]:
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    target.name = "plan.xlsx"
    return reverse("plans:import", args=["sales", plan.pk]), {"file": target}


def heads(sheet) -> tuple[int, dict[str, int]]:
    for row in sheet.iter_rows():
        found = {str(one.value): one.column for one in row if one.value}
        if "##" in found:
            return row[0].row, found
    raise AssertionError("no head")
