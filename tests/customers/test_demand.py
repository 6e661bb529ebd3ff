"""What a product usually brings those who buy it."""

import datetime as dt
from decimal import Decimal

import pytest

from customers import demand, purchases
from customers.models import ProductDemand
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)


def test_it_is_the_median_over_the_buyers_and_only_for_what_a_relation_points_at():
    machine, pad = factories.make_product(), factories.make_product()
    factories.make_relation(machine, pad)
    buyers = [factories.make_customer() for _ in range(4)]
    for buyer, quantity, margin in zip(buyers, (1, 2, 4, 100), (None, 3, 5, 50), strict=True):
        factories.make_order(buyer, TODAY, (pad, quantity, 10 * quantity), contribution_margin=margin)
        factories.make_order(buyer, TODAY, (machine, 1, 900))
    purchases.refresh([buyer.pk for buyer in buyers], TODAY + dt.timedelta(days=1))
    assert demand.refresh_demand() == {"ProductDemand": 1}
    kept = ProductDemand.objects.get()
    assert (kept.product, kept.buyers_count, kept.usual_quantity, kept.usual_revenue) == (pad, 4, 2, 30)
    assert kept.usual_margin == 5  # of those buyers where it is known
    assert demand.refresh_demand() == {"ProductDemand": 0}


def test_where_no_margin_is_known_none_is_made_up():
    pad = factories.make_product()
    factories.make_relation(factories.make_product(), pad)
    buyer = factories.make_customer()
    factories.make_order(buyer, TODAY, (pad, 1, "9.99"), contribution_margin=None)
    purchases.refresh([buyer.pk], TODAY + dt.timedelta(days=1))
    demand.refresh_demand()
    assert ProductDemand.objects.values_list("usual_revenue", "usual_margin").get() == (Decimal("9.99"), None)


def test_demand_goes_with_its_relation():
    pad = factories.make_product()
    relation = factories.make_relation(factories.make_product(), pad)
    buyer = factories.make_customer()
    factories.make_order(buyer, TODAY, (pad, 1, 10))
    purchases.refresh([buyer.pk], TODAY + dt.timedelta(days=1))
    demand.refresh_demand()
    relation.delete()
    assert demand.refresh_demand() == {"ProductDemand": 1}
    assert not ProductDemand.objects.exists()
