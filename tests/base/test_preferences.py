"""Business settings: defaults in code, deviations in the table, each change on record."""

import pytest

from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import jobs, preferences
from innendienst.base.models import AuditEvent, Job, Preference
from innendienst.base.preferences import CompanyPreferences
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_without_deviations_the_defaults_hold():
    assert preferences.get(CustomersPreferences) == CustomersPreferences()


def test_a_deviation_holds_from_the_moment_it_is_stored(dieter):
    assert preferences.get(CustomersPreferences).visibility == Visibility.COMPANY
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.TEAM)
    assert preferences.get(CustomersPreferences).visibility == Visibility.TEAM
    assert preferences.get(CustomersPreferences).permission_months == 36


def test_each_change_is_on_record_with_its_keys_only(dieter):
    preferences.put(CompanyPreferences, by=dieter, state="SN", name="Muster GmbH")
    event = AuditEvent.objects.get()
    assert (event.act, event.by, event.facts) == ("preferences.change", dieter, {"section": "company", "keys": ["name", "state"]})


def test_an_unknown_setting_is_refused(dieter):
    with pytest.raises(KeyError, match="colour"):
        preferences.put(CompanyPreferences, by=dieter, colour="blue")
    assert not Preference.objects.exists()


def test_a_setting_that_no_longer_exists_is_passed_over():
    Preference.objects.create(section="customers", key="gone", value=1)
    assert preferences.get(CustomersPreferences) == CustomersPreferences()


def test_all_sections_are_read_by_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        preferences.get(CustomersPreferences)
        preferences.get(CompanyPreferences)


def test_the_next_request_and_the_next_job_see_what_another_process_stored(annas, monkeypatch):
    seen = []
    monkeypatch.setattr(jobs, "_handlers", {})
    jobs.register("look", lambda job: seen.append(preferences.get(CompanyPreferences).name))
    for name in ("Erste GmbH", "Zweite GmbH"):
        Preference.objects.update_or_create(section="company", key="name", defaults={"value": name})
        assert name in text(annas.get("/settings/"))
    Preference.objects.filter(section="company", key="name").update(value="Dritte GmbH")
    jobs.run(Job.objects.create(kind="look").pk)
    assert seen == ["Dritte GmbH"]
