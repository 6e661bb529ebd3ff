"""The company made ready for its first request: written, recomputed, a rep signed in."""

import time

from django.test import Client
from django.utils import timezone

from accounts.models import User
from bench import product, volume
from bench.product import progress
from campaigns.models import CallListRow


def load(customers: int, size: volume.Size | None = None) -> volume.Company:
    started = time.monotonic()
    company = volume.fill(customers, timezone.localdate(), size)
    progress(f"{customers} customers with their orders written: {time.monotonic() - started:.0f} s")
    product.settle()
    started = time.monotonic()
    product.manage("recompute")
    progress(f"recomputed: {time.monotonic() - started:.0f} s")
    product.manage("collectstatic", "--no-input")
    product.settle()
    return company


def signed_in(user: User) -> dict[str, str]:
    """The cookies of a browser in which that person signed in."""
    client = Client()
    client.force_login(user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def with_reasons(company: volume.Company) -> list[int]:
    """Customers who may be called today, the best first."""
    rows = CallListRow.objects.for_system("bench").filter(callable_from__lte=company.today)
    return list(rows.order_by("-rank_value", "pk").values_list("pk", flat=True)[:1000])
