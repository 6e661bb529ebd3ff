"""Articles by their number, as order lines name them; unknown ones are made when the list is taken over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from customers.imports.cells import number_text
from customers.imports.columns import Look, Parse
from customers.imports.product_list.words import is_never_offered
from customers.imports.store import defaults
from customers.models import Product
from innendienst.lib.bulk import copy_rows
from innendienst.lib.folding import business_key

_CHUNK = 5_000


@dataclass(frozen=True)
class Article:
    """As the first line names it that has the number."""

    sku: str
    name: str
    unit: str

    @property
    def is_never_offered(self) -> bool:
        return is_never_offered(self.name)


class Articles:
    """Knows the articles of one run. A new one has a negative number until it is written."""

    def __init__(self) -> None:
        self.new: dict[int, Article] = {}
        self.offered: Collection[str] = ()
        """Keys of articles that a person lets be offered, whatever their names look like."""
        self._known: dict[str, int] = {}

    def maker(self, _look: Look) -> Parse:
        """A cleaner of article numbers; asking for it reads the known ones."""
        self._known = dict(Product.objects.values_list("sku_key", "pk").iterator(chunk_size=_CHUNK))
        return partial(number_text, longest=40)

    def find(self, sku: str, name: str | None, unit: str | None) -> int:
        """The article's id or provisional number."""
        key = business_key(sku)
        if key not in self._known:
            number = -len(self.new) - 1
            self.new[number], self._known[key] = Article(sku, name or sku, unit or ""), number
        return self._known[key]

    def keep(self, numbers: Collection[int]) -> None:
        """Forget new articles that only rows with errors name."""
        self.new = {number: self.new[number] for number in sorted(numbers, reverse=True)}

    def carried(self) -> dict:
        return {str(number): [one.sku, one.name, one.unit] for number, one in self.new.items()}

    def resume(self, carried: Mapping[str, list[str]]) -> None:
        self.new = {int(number): Article(*said) for number, said in carried.items()}

    def never_offered(self) -> list[Article]:
        """The new ones nobody will be called about."""
        return [one for one in self.new.values() if one.is_never_offered and business_key(one.sku) not in self.offered]

    def write(self) -> list[tuple[int, str]]:
        """Make the new articles; the provisional number and the key of each."""
        columns = ("sku", "sku_key", "name", "unit", "not_offered")
        rest = defaults(Product, without=columns)
        keys = [(number, business_key(one.sku)) for number, one in self.new.items()]
        never = self.never_offered()
        rows = ((one.sku, business_key(one.sku), one.name, one.unit, one in never, *rest.values()) for one in self.new.values())
        copy_rows(Product._meta.db_table, [*columns, *rest], rows)
        return keys
