"""A company of a size that hurts: 100,000 customers with contacts, calls and a million order lines over three years.

The same seed gives the same rows. Everything is invented; phone numbers are the demo's, from the range kept for films. The
database must be new, since ids are counted from 1.
"""

import datetime as dt

from django.db import connection, transaction

from bench.copying import copy_models
from bench.volume.company import Company, Size, write_people_and_goods
from bench.volume.customers import calls, contacts, customer, follow_ups
from bench.volume.orders import write_orders
from customers import search_tokens
from customers.models import Activity, Contact, Customer, DataState, FollowUp
from innendienst.lib.dates import instant

_TOKENS_AT_ONCE = 5_000


@transaction.atomic
def fill(customers: int, today: dt.date, size: Size | None = None, seed: int = 20) -> Company:
    """Write it all, search words included; the kept tables stay empty: recompute fills them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # the keys hold by construction; checking them takes longer than writing
            cursor.execute("SET LOCAL session_replication_role = replica")
    company = Company(customers, today, seed, size or Size())
    write_people_and_goods(company)
    copy_models(Customer, (customer(company, pk) for pk in company.ids))
    copy_models(Contact, (contact for pk in company.ids for contact in contacts(company, pk)))
    write_orders(company)
    copy_models(Activity, (call for pk in company.ids for call in calls(company, pk)))
    copy_models(FollowUp, follow_ups(company))
    for start in range(1, customers + 1, _TOKENS_AT_ONCE):
        search_tokens.write_first(range(start, min(start + _TOKENS_AT_ONCE, customers + 1)))
    DataState.objects.create(last_order_on=today - dt.timedelta(days=1), loaded_at=instant(today, dt.time(3)))
    return company
