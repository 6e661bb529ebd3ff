"""Names in braces that stand for what differs from customer to customer.

They are stored as the code calls them, `{article}`, and shown as the language of the text does, `{Artikel}`.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import pgettext_lazy

NAMES = {
    "greeting": pgettext_lazy("placeholder", "Greeting"),
    "article": pgettext_lazy("placeholder", "Article"),
    "owned": pgettext_lazy("placeholder", "Owned"),
    "argument": pgettext_lazy("placeholder", "Argument"),
    "quantity": pgettext_lazy("placeholder", "Quantity"),
    "last_quantity": pgettext_lazy("placeholder", "LastQuantity"),
    "proposed": pgettext_lazy("placeholder", "Proposed"),
    "group": pgettext_lazy("placeholder", "Group"),
    "day": pgettext_lazy("placeholder", "Day"),
    "step": pgettext_lazy("placeholder", "PriceStep"),
    "price": pgettext_lazy("placeholder", "Price"),
}
_BRACES = re.compile(r"\{([^{}]*)\}")


class UnknownPlaceholder(ValueError):
    """A name in braces that this text cannot be filled with."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def shown(names: Iterable[str]) -> list[str]:
    """The names as the active language writes them, in braces."""
    return [f"{{{NAMES[name]}}}" for name in names]


def show(text: str) -> str:
    """A stored text with the names of the active language."""
    return _BRACES.sub(lambda found: f"{{{NAMES[found[1]]}}}" if found[1] in NAMES else found[0], text)


def read(text: str, allowed: Collection[str]) -> str:
    """A typed text as it is stored, names in either spelling and case. Raises UnknownPlaceholder."""
    known = {spelling.casefold(): name for name in allowed for spelling in (name, str(NAMES[name]))}

    def stored(found: re.Match) -> str:
        name = known.get(found[1].strip().casefold())
        if name is None:
            raise UnknownPlaceholder(found[0])
        return f"{{{name}}}"

    return _BRACES.sub(stored, text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text as it is said; values are put in as they are, whatever braces they hold."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)
