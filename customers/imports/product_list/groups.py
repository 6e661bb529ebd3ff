"""Product groups by their name, as a list writes them; unknown ones are made when the list is taken over."""

from customers.imports.cells import Noted, folded, text
from customers.imports.columns import Look, Parse
from customers.models import ProductGroup


class Groups:
    """Knows the groups of one run. A new one has a negative number until it is written."""

    def __init__(self) -> None:
        self.new: dict[int, str] = {}
        self._known: dict[str, int] = {}

    def maker(self, _look: Look) -> Parse:
        self._known = {folded(name): pk for pk, name in ProductGroup.objects.values_list("pk", "name")}
        return self.find

    def find(self, raw: object) -> int | None:
        value = text(raw, longest=80)
        name = str(value.value if isinstance(value, Noted) else value)
        key = folded(name) or name
        if not name:
            return None
        if key not in self._known:
            number = -len(self.new) - 1
            self.new[number], self._known[key] = name, number
        return self._known[key]

    def write(self) -> dict[int, int]:
        """Make the new groups; their provisional numbers → ids."""
        return {number: ProductGroup.objects.create(name=name).pk for number, name in self.new.items()}
