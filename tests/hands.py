"""Clicks and keys of whoever sits before a page, so that a test can say how many an act takes."""

from collections import Counter

from playwright.sync_api import Locator, Page


class Hands:
    """Clicks and keys of one person, counted; text that is typed into a field is work, but no key to be learnt."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count: Counter[str] = Counter()

    def click(self, target: Locator) -> None:
        self.count["clicks"] += 1
        target.click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.count["keys"] += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    @property
    def used(self) -> tuple[int, int]:
        """Clicks and keys since it was asked last."""
        used = self.count["clicks"], self.count["keys"]
        self.count.clear()
        return used


def choice(page: Page, label: str) -> Locator:
    """What a mouse meets of a radio drawn as a button."""
    return page.locator("#card .choice", has=page.get_by_role("radio", name=label, exact=False)).first
