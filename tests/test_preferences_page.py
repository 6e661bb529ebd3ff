"""The business settings as a page."""

import re
from dataclasses import fields

import pytest

from campaigns.preferences import CampaignsPreferences
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.base.models import AuditEvent, Preference
from innendienst.base.preferences import CompanyPreferences
from innendienst.preferences_page import GROUPS, PreferencesForm
from referrals.preferences import ReferralsPreferences
from tests.reading import text

pytestmark = pytest.mark.django_db

URL = "/admin/preferences/"


def as_shown(**changed) -> dict:
    """The form as a browser sends it back, some fields changed."""
    form = PreferencesForm()
    data = {name: form[name].value() for name in form.fields}
    shares = {name: str(value).replace(".", ",") for name, value in data.items() if isinstance(value, float)}
    return {**data, "company-name": "Muster GmbH", "company-state": "SN", **shares, **changed}


@pytest.mark.parametrize("section", [CompanyPreferences, CustomersPreferences, CampaignsPreferences, ReferralsPreferences])
def test_every_setting_has_its_place_on_the_page(section):
    shown = next(set(group.fields) for group in GROUPS if group.section is section)
    assert shown == {field.name for field in fields(section)} - {"is_set_up"}


def test_the_page_shows_what_holds_now(dieters, dieter):
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.TEAM, pressure_days=7)
    page = dieters.get(URL).content.decode()
    assert '<option value="team" selected>' in page
    assert re.search(r'name="customers-pressure_days" value="7"', page)
    assert "Sichtbarkeit" in page


def test_changed_settings_hold_at_once_and_unchanged_ones_are_not_stored(dieters, dieter):
    dieters.post(URL, as_shown(**{"customers-visibility": "own", "campaigns-items_most": "5", "customers-abc_a_share": "0,75"}))
    preferences.forget()
    customers = preferences.get(CustomersPreferences)
    assert (customers.visibility, customers.abc_a_share) == (Visibility.OWN, 0.75)
    assert preferences.get(CampaignsPreferences).items_most == 5
    assert set(Preference.objects.values_list("section", "key")) == {
        ("company", "name"), ("company", "state"), ("customers", "visibility"), ("customers", "abc_a_share"), ("campaigns", "items_most"),
    }  # fmt: skip
    assert AuditEvent.objects.filter(act="preferences.change", by=dieter).count() == 3


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"customers-pressure_days": "x"}, "Zahl"),
        ({"customers-pressure_days": "-1"}, "größer oder gleich 0"),
        ({"customers-visibility": "everybody"}, "everybody"),
        ({"customers-abc_b_share": "0,5"}, "nicht kleiner"),
        ({"customers-abc_a_share": "1,5"}, "kleiner oder gleich 1"),
    ],
)
def test_nonsense_is_said_and_nothing_is_stored(dieters, changed, complaint):
    answer = dieters.post(URL, as_shown(**changed))
    assert answer.status_code == 422
    assert complaint in text(answer)
    assert not Preference.objects.exists()


def test_controls_of_a_line_stand_level_however_long_their_labels_are(live_page, dieter):
    page = live_page(dieter)
    page.goto("/admin/preferences/")
    short, long = page.get_by_label("Bestandskunde für (Monate)"), page.get_by_label("Pause nach einer Verkaufsansprache (Arbeitstage)")
    assert short.bounding_box()["y"] == long.bounding_box()["y"]
