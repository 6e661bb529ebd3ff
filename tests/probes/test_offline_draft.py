"""The connection goes while a note is typed, the session ends meanwhile, the tab is loaded anew: the text is there, and it becomes one call."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from customers.models import Activity, Need
from tests.browser import sign_in
from tests.factories import make_group
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.one_database

NOTE = "Im Funkloch getippt: 12 Kanister, Lieferung nach Neujahr"


def test_what_was_typed_survives_connection_session_and_tab(live_page, anna, transactional_db, complaints):
    for expected in ("ERR_INTERNET_DISCONNECTED", "status of 401", "htmx:"):
        complaints.expect(expected)
    make_callable(anna, "Nord")
    make_group("Papier")
    page = live_page()
    sign_in(page, anna)
    page.keyboard.press("4")
    page.locator("#call-note").fill(NOTE)
    page.get_by_role("link", name="Bedarf eintragen").click()
    page.locator("[name=need-new-group]").select_option("Papier")
    page.locator("[name=need-new-supplier]").fill("Papyrus AG")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-unsaved=offline]")).to_be_visible()
    Session.objects.all().delete()
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    sign_in(again, anna)
    expect(again.locator("#call-note")).to_have_value(NOTE)
    expect(again.get_by_role("radio", name="Interesse")).to_be_checked()
    expect(again.locator("[name=need-new-supplier]")).to_have_value("Papyrus AG")
    assert not Activity.objects.for_system("test").exists()
    again.locator("#call-note").focus()
    again.keyboard.press("Control+Enter")
    expect(again.locator("#messages")).to_contain_text("Gespräch mit Nord gespeichert", timeout=20_000)
    assert [need.supplier for need in Need.objects.for_system("test")] == ["Papyrus AG"]
    assert [(call.outcome, call.note) for call in Activity.objects.for_system("test")] == [("interested", NOTE)]
