"""A company that a recompute has something to find for, and the run itself."""

import datetime as dt
import json

import pytest
from django.db import connection

from campaigns.models import CallListRow, Opportunity
from customers.models import CustomerFacts, PurchaseMonth, PurchaseRhythm
from innendienst import recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from tests import factories

AS_OF = dt.date(2026, 11, 24)
EVERYTHING = (PurchaseMonth, PurchaseRhythm, CustomerFacts, Opportunity, CallListRow)
two_connections = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


def make_company(customers_count: int = 3) -> list:
    """Customers who buy one article every 30 days and are due."""
    product = factories.make_product()
    factories.make_relation(product, factories.make_product(price=100, cost=60))
    customers = [factories.make_customer() for _ in range(customers_count)]
    for customer in customers:
        factories.make_rhythm_orders(customer, product, AS_OF - dt.timedelta(days=33), gaps=[30, 30, 30])
    factories.make_order(customers[0], AS_OF - dt.timedelta(days=1), (factories.make_product(), 1, 10))
    return customers


def run(kind: str = recompute.FULL, **args) -> Job:
    """The job done to its end, as a worker does it."""
    job = Job.objects.create(kind=kind, queue="bulk", args=args)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    return job


def run_as_of() -> Job:
    return run(as_of=AS_OF.isoformat())


def snapshot() -> list:
    """All kept rows without their ids."""
    return [
        sorted(json.dumps({**row, "id": None}, default=str, sort_keys=True) for row in model._base_manager.values()) for model in EVERYTHING
    ]
