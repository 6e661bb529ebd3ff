"""Every page that somebody may open, in a real browser: accessible, quiet in the console, no wider than its window.

The pages are those of the role matrix. `make probes` opens all of them (PROBE_PAGES=1); the tests take every so many-th.
"""

import os

import pytest
from playwright.sync_api import Error, Page

from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.test_role_matrix import cells, make_actor, make_things, north, world

STEP = int(os.environ.get("PROBE_PAGES", "25"))
__all__ = ["north", "world"]  # fixtures

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(1500)]


def served_pages(actor, own, other) -> list[tuple[str, str]]:
    """Name and address of each page that the person may open, once."""
    found = {cell.url: cell.name for cell in cells(actor, own, other) if cell.method == "GET" and not cell.is_denied and not cell.headers}
    return [(name, url) for url, name in found.items() if "logout" not in name]


def opened(page: Page, url: str) -> bool:
    """Whether the address gave a whole page, and not a file or a part for one."""
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    is_markup = answer is not None and answer.ok and answer.headers.get("content-type", "").startswith("text/html")
    return is_markup and page.evaluate("document.doctype !== null")


@pytest.mark.parametrize(("role", "width", "is_dark"), [("rep", 390, True), ("manager", 390, False), ("admin", 1440, False)])
def test_every_page_is_accessible_and_fits_its_window(live_page, world, north, complaints, role, width, is_dark):
    anna, other = world
    actor = make_actor(role, north)
    own = make_things(anna, actor, "Eigener Kunde")
    page = live_page(actor, width=width, is_dark=is_dark)
    found, seen = [], set()
    for name, url in served_pages(actor, own, other)[::STEP]:
        if not opened(page, url) or page.url in seen:
            continue
        seen.add(page.url)
        for demand in (assert_accessible, assert_no_sideways_scroll):
            try:
                demand(page)
            except AssertionError as error:
                found.append(f"{name} {url}: {demand.__name__}: {error}")
    complaints.expect("Failed to load resource")  # an address without a file, or for programs
    assert found == [], "\n".join(found)
    assert len(seen) > 2
