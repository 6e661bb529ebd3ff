"""Two who look alike are found, made one and parted again, in a real browser, with every click counted."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.hands import Hands
from tests.merging.scenes import make_twins

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(("width", "is_dark"), [(1440, True), (390, False)])
def test_a_duplicate_is_found_merged_and_taken_back_by_one_click_each(live_page, carla, width, is_dark):
    kept, gone = make_twins()
    Customer.objects.for_system("test").filter(pk=gone.pk).update(street="Gasse 2")
    page = live_page(carla, width=width, is_dark=is_dark)
    hands = Hands(page)
    page.goto("/customers/")
    hands.click(page.get_by_role("link", name="Dubletten"))
    expect(page.get_by_role("row", name="gleicher Name")).to_contain_text("Telefon 030 23125-103")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    hands.click(page.get_by_role("link", name="Vergleichen"))
    expect(page.get_by_role("radio", name="Gasse 2")).to_be_checked()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    hands.click(page.get_by_role("button", name="Zusammenführen"))
    expect(page.locator("#messages")).to_contain_text("Baeckerei Mueller (K-2) ist in K-1 aufgegangen")
    assert hands.used == (3, 0)
    assert Customer.objects.for_system("test").get(pk=gone.pk).merged_into == kept
    page.goto("/customers/")
    expect(page.locator(".customer-name")).to_have_count(1)
    page.goto("/customers/duplicates/?show=merged")
    hands.click(page.get_by_role("button", name="Rückgängig"))
    expect(page.locator("#messages")).to_contain_text("K-2 und K-1 sind wieder zwei Kunden")
    assert hands.used == (1, 0)
    page.goto(gone.get_absolute_url())
    expect(page.locator("#card h2")).to_have_text("Baeckerei Mueller")
