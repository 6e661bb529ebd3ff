"""A real browser against a live server. Whatever it complains about (console, script errors, foreign hosts) fails the test.

`live_page(anna)` is a page of its own browser context, signed in as Anna by a session cookie; `live_page()` is signed out.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from accounts.models import User
from tests import chromium

LivePage = Callable[..., Page]
PASSWORD = "geheim-geheim"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_PHONE_WIDTH = 600


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    found = chromium.find()
    return {
        **browser_type_launch_args,
        "executable_path": found.executable,
        "args": list(_FLAGS),
        "env": {**os.environ, **found.environment},
    }


@dataclass
class Complaints:
    """What the browser found fault with, and what a test expects it to."""

    texts: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        """Let complaints that contain `part` pass, say "status of 409" where the page is meant to be refused."""
        self._expected.append(part)

    def unexpected(self) -> list[str]:
        return [text for text in self.texts if not any(part in text for part in self._expected)]

    def listen(self, context: BrowserContext, own_url: str) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.texts.append(f"script: {error.error}"))
        context.on("request", lambda request: self._demand_own(request, own_url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.texts.append(f"console: {message.text} ({message.location['url']})")

    def _demand_own(self, request: Request, own_url: str) -> None:
        if not request.url.startswith((own_url, "data:", "blob:")):
            self.texts.append(f"foreign host: {request.url}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """The browser's complaints of this test; unexpected ones fail it."""
    collected = Complaints()
    yield collected
    assert collected.unexpected() == []


@pytest.fixture
def live_page(transactional_db, live_server, new_context, complaints: Complaints) -> LivePage:
    """Open a page in a German browser of its own.

    `live_page(anna, width=390, is_dark=True, has_scripts=False)`: signed in as Anna, phone wide, dark, JavaScript off.
    Addresses may be given without host: `page.goto("/")`.
    """

    def open_page(user: User | None = None, *, width: int = 1440, is_dark: bool = False, has_scripts: bool = True, **options) -> Page:
        context = new_context(
            base_url=live_server.url,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            viewport={"width": width, "height": 844 if width < _PHONE_WIDTH else 900},
            color_scheme="dark" if is_dark else "light",
            reduced_motion="reduce",
            java_script_enabled=has_scripts,
            **options,
        )
        complaints.listen(context, live_server.url)
        if user is not None:
            _sign_in_by_cookie(context, user, live_server.url)
        return context.new_page()

    return open_page


def _sign_in_by_cookie(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user, backend="accounts.backends.ByName")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": url}])


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """Sign in the way a person does, through the sign-in page, and wait until it is left."""
    page.goto(settings.LOGIN_REDIRECT_URL)
    page.locator("[name=login]").fill(user.username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def assert_accessible(page: Page, *, in_dark_too: bool = False) -> None:
    """axe finds no violation on the page as it stands, WCAG 2.2 AA and best practice alike; in the dark the contrasts alone differ."""
    page.wait_for_load_state()  # behind a link the new page may have no more than its name yet
    page.evaluate((chromium.ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text())
    violations = _violations(page, "")
    if in_dark_too:
        page.emulate_media(color_scheme="dark")
        violations += _violations(page, ", runOnly: ['color-contrast']")
        page.emulate_media(color_scheme="light")
    assert violations == []


def _violations(page: Page, more: str) -> list[str]:
    # Style sheets are not copied into the page beforehand: the CSP refuses it, and only a rule in trial needs it. Selectors would be
    # made for what passes, too, a tenth of the time; what is told below names an element by its markup.
    found = page.evaluate(f"axe.run({{resultTypes: ['violations'], preload: false, selectors: false{more}}})")["violations"]
    return [f"{one['id']}: {node['html'][:160]} ({node['failureSummary']})" for one in found for node in one["nodes"]]


def assert_no_sideways_scroll(page: Page) -> None:
    """The page fits its window: nothing is cut off to the right."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= window
