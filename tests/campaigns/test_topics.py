"""What a call is about: the goods of the campaign that alone is why."""

import datetime as dt

import pytest
from django.utils import timezone

from campaigns.models import Opportunity
from campaigns.special.models import Campaign, OfferCondition
from campaigns.topics import topics
from customers.models import ProductGroup
from tests.factories import make_customer, make_group, make_product

pytestmark = pytest.mark.django_db


def make_campaign(by, *offered) -> Campaign:
    """A campaign for groups and articles; None offers everything."""
    day = timezone.localdate()
    name = f"Aktion {Campaign.objects.count()}"
    campaign = Campaign.objects.create(name=name, starts_on=day, ends_on=day + dt.timedelta(days=30), owner=by)
    for position, one in enumerate(offered):
        about = {} if one is None else {"group" if isinstance(one, ProductGroup) else "product": one}
        OfferCondition.objects.create(campaign=campaign, position=position, kind="one_off_discount", percent=5, **about)
    return campaign


def reason(customer, campaign=None, kind="campaign") -> Opportunity:
    return Opportunity(customer=customer, campaign=campaign, kind=kind)


def test_a_call_is_about_the_goods_of_its_campaigns_unless_there_is_another_reason_or_everything_is_offered(
    anna, django_assert_num_queries
):
    masks, helmets = make_group(), make_group()
    of_masks, of_helmets = make_campaign(anna, masks), make_campaign(anna, make_product(group=helmets), helmets)
    of_all, loose, unsaid = make_campaign(anna, masks, None), make_campaign(anna, make_product()), make_campaign(anna)
    said = {
        "masks": [of_masks], "both": [of_masks, of_helmets], "all": [of_all], "loose": [loose], "unsaid": [unsaid], "one of two": [of_masks, of_all],
    }  # fmt: skip
    customers = {name: make_customer() for name in [*said, "reorder too", "none"]}
    reasons = {customers[name].pk: [reason(customers[name], one) for one in several] for name, several in said.items()}
    too = customers["reorder too"]
    reasons |= {too.pk: [reason(too, of_masks), reason(too, kind="reorder")], customers["none"].pk: []}
    with django_assert_num_queries(1):
        found = topics(reasons)
    assert found == {customers["masks"].pk: {masks.pk}, customers["both"].pk: {masks.pk, helmets.pk}}
    with django_assert_num_queries(0):
        assert topics({too.pk: reasons[too.pk]}) == {}
