"""What must never happen with references and referral contacts: each rule tried by page, API, administration, export and job."""

import re

import pytest
from django.contrib import admin
from django.urls import get_resolver

from accounts.models import Role
from tests import factories
from tests.workplace.never import reference_rules, referral_rules
from tests.workplace.never.ways import WAYS, Cast, Never

RULES = (*reference_rules.RULES, *referral_rules.RULES)


def _named(rule: type[Never]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", rule.__name__).lower()


@pytest.fixture
def cast(anna, bernd, carla, dieter, team_north) -> Cast:
    nora = factories.make_user("nora", Role.MARKETING)
    return Cast(anna, bernd, carla, dieter, nora, factories.make_user("dirk", Role.FIELD_SALES, team=team_north))


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("rule", "variant"),
    [pytest.param(rule, one, id=", ".join(filter(None, [_named(rule), one]))) for rule in RULES for one in rule.variants],
)
def test_never(rule, variant, cast):
    tried = rule(cast, variant)
    tried.scene()
    for tried.way in WAYS:
        attempt = getattr(tried, tried.way)
        if callable(attempt):
            attempt()
            tried.holds()


@pytest.mark.parametrize("rule", RULES, ids=_named)
def test_each_rule_is_tried_by_each_way_or_says_why_there_is_none(rule):
    assert [way for way in WAYS if not callable(getattr(rule, way, "")) and len(getattr(rule, way, "")) < 20] == []
    assert any(callable(getattr(rule, way)) for way in WAYS)


def test_a_way_that_is_not_tried_does_not_exist(client, annas):
    """No table of references and referrals stands in the administration; the API's addresses are read only and name none of them."""
    assert [model for model in admin.site._registry if model._meta.app_label == "referrals"] == []
    routes = {str(pattern.pattern) for pattern in get_resolver().url_patterns}
    assert {route for route in routes if route.startswith("api/")} == {"api/v1/calls/incoming", "api/v1/"}
    assert annas.post("/api/v1/calls/incoming", {"number": "030 23125-555"}).status_code == 405
