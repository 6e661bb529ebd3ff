"""What a recompute makes of the demo: each rep has somebody to call, for more than one kind of reason."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.test import TestCase

from accounts.models import User
from campaigns import day_list
from campaigns.models import CallListRow, DayListRow, Kind, Opportunity
from customers.models import Customer
from innendienst.demo.customers import UNOWNED_SHARE
from innendienst.demo.load import load

pytestmark = pytest.mark.one_database

TODAY = dt.date(2026, 11, 23)
_WHY = "looking at all lists"


class ReasonsOfTheDemoTests(TestCase):
    """One demo for all that is asked of it: to load it takes longer than to ask."""

    @classmethod
    def setUpTestData(cls) -> None:
        load(300, today=TODAY)
        call_command("recompute", "--as-of", str(TODAY), verbosity=0)

    def test_the_lists_are_full_varied_and_not_absurd(self):
        rows = list(CallListRow.objects.for_system(_WHY).select_related("owner"))
        assert 0.3 < len(rows) / 300 < 0.65
        assert len({row.owner_id for row in rows}) == 17
        assert sum(row.owner is None for row in rows) < 3 * UNOWNED_SHARE * len(rows)
        kinds = Counter(kind for row in rows for kind, _count, _value in row.kinds)
        assert min(kinds[Kind.REORDER], kinds[Kind.CROSS_SELL]) > len(rows) / 4
        reorders = Opportunity.objects.for_system(_WHY).filter(kind=Kind.REORDER).prefetch_related("items")
        assert sum(len(reorder.items.all()) > 3 for reorder in reorders) < len(reorders) / 4

    def test_annas_day_begins_with_her_call_backs_and_goes_on_with_reasons(self):
        anna = User.objects.get(username="anna.lang")
        day_list.draw(anna, TODAY)
        drawn = DayListRow.objects.visible_to(anna).of(anna, TODAY).select_related("customer").order_by("position")
        assert drawn[0].customer.name == "Gebäudedienste Öztürk GmbH"
        sources = [row.source for row in drawn]
        assert sources == sorted(sources, key=lambda source: source != DayListRow.Source.FOLLOW_UP)
        assert 4 <= sources.count(DayListRow.Source.FOLLOW_UP) <= len(sources) - 4

    def test_the_bakery_of_the_pictures_is_due_with_its_cleaner_and_lacks_the_pad(self):
        bakery = Customer.objects.for_system(_WHY).get(number="000101")
        found = {opportunity.kind: [item.product.name for item in opportunity.items.all()] for opportunity in bakery.opportunities.all()}
        assert found.keys() == {Kind.REORDER, Kind.CROSS_SELL}
        assert "Reiniger R10" in found[Kind.REORDER]
        assert "Polierpad P9" in found[Kind.CROSS_SELL]
