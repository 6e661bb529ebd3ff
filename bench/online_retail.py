"""Three lists from the raw lines of a real wholesaler ("Online Retail", CC0): customers.csv, products.csv and orders.csv.

    python -m bench.online_retail FOLDER [--source online_retail_raw.csv.gz]

All 541,909 lines go in: revenue is quantity × price with pounds taken as euros, the position is counted within the invoice,
lines without a customer belong to one collective account, invoices "C…" are returns with negative quantities. The same
source gives the same bytes.
"""

import argparse
import csv
import gzip
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
WALK_IN = "LAUF"
# Stock codes of postage, fees, manual entries, samples and vouchers.
NO_GOODS = frozenset("POST DOT M C2 D S B AMAZONFEE CRUK PADS".lower().split()) | {"bank charges"}
VOUCHER = "gift_"
_COUNTRIES = {"Channel Islands": "JE", "Unspecified": "GB", "European Community": "GB"}
_CENT = Decimal("0.01")

CUSTOMER_HEADINGS = ("Kundennummer", "Firma", "Land", "Sammelkunde")
PRODUCT_HEADINGS = ("Artikelnummer", "Bezeichnung", "Preis", "Nicht anbieten")
ORDER_HEADINGS = ("Auftragsnummer", "Position", "Kundennummer", "Artikelnummer", "Datum", "Menge", "Umsatz")


@dataclass(frozen=True)
class Lists:
    customers: Path
    products: Path
    orders: Path


@dataclass
class _Article:
    """A stock code in its first spelling, with all its descriptions and prices."""

    sku: str
    names: Counter[str] = field(default_factory=Counter)
    prices: list[Decimal] = field(default_factory=list)

    @property
    def name(self) -> str:
        return max(self.names.items(), key=lambda item: (item[1], item[0]))[0] if self.names else self.sku

    @property
    def is_no_goods(self) -> bool:
        return self.sku.lower() in NO_GOODS or self.sku.lower().startswith(VOUCHER)


class _Gathered:
    """Whom and what the lines name, while they pass."""

    def __init__(self) -> None:
        self.countries: dict[str, Counter[str]] = {}
        self.articles: dict[str, _Article] = {}
        self._positions: Counter[str] = Counter()

    def lines(self, rows: Iterable[dict[str, str]]) -> Iterator[tuple]:
        for row in rows:
            invoice, sku, customer = row["InvoiceNo"], row["StockCode"].strip(), row["CustomerID"] or WALK_IN
            self._note(row, sku, customer)
            self._positions[invoice] += 1
            revenue = _revenue(row["Quantity"], row["UnitPrice"])
            yield invoice, self._positions[invoice], customer, sku, _day(row["InvoiceDate"][:10]), row["Quantity"], revenue

    def _note(self, row: dict[str, str], sku: str, customer: str) -> None:
        self.countries.setdefault(customer, Counter())[row["Country"]] += 1
        article = self.articles.setdefault(sku.lower(), _Article(sku))
        if name := row["Description"].strip():
            article.names[name] += 1
        article.prices.append(Decimal(row["UnitPrice"]))


def write_lists(source: Path, folder: Path) -> Lists:
    """Write the three lists into the folder as a German Excel would: semicolons, decimal commas, UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    lists, gathered = Lists(*(folder / f"{name}.csv" for name in ("customers", "products", "orders"))), _Gathered()
    with gzip.open(source, "rt", encoding="utf-8", newline="") as raw:
        _write(lists.orders, ORDER_HEADINGS, gathered.lines(csv.DictReader(raw)))
    _write(lists.customers, CUSTOMER_HEADINGS, map(_customer, sorted(gathered.countries.items())))
    _write(lists.products, PRODUCT_HEADINGS, (_product(article) for _key, article in sorted(gathered.articles.items())))
    return lists


def goods_lists(source: Path, folder: Path) -> Lists:
    """The same three lists from the goods alone, as the back-test of offers knows them: `source` holds lines.csv.gz and products.csv.gz."""
    folder.mkdir(parents=True, exist_ok=True)
    lists = Lists(*(folder / f"{name}.csv" for name in ("customers", "products", "orders")))
    lines, positions = list(_rows(source / "lines.csv.gz")), Counter[str]()
    customers = sorted({row["customer"] for row in lines})
    _write(lists.customers, CUSTOMER_HEADINGS, ((number, f"Kunde {number}", "GB", "") for number in customers))
    products = ((row["product"], row["name"], row["price"].replace(".", ","), "") for row in _rows(source / "products.csv.gz"))
    _write(lists.products, PRODUCT_HEADINGS, products)
    _write(lists.orders, ORDER_HEADINGS, (_order_row(row, positions) for row in lines))
    return lists


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _order_row(row: dict[str, str], positions: Counter[str]) -> tuple:
    positions[row["order"]] += 1
    revenue = row["revenue"].replace(".", ",")
    return row["order"], positions[row["order"]], row["customer"], row["product"], _day(row["date"]), row["quantity"], revenue


def raw_lines() -> Path:
    """Where the raw lines lie unless somebody says otherwise: SHARED_DIR, by default the folder beside the repository."""
    return Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "data" / "online_retail" / "online_retail_raw.csv.gz"


def _write(path: Path, headings: Iterable[str], rows: Iterable[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headings)
        writer.writerows(rows)


def _customer(found: tuple[str, Counter[str]]) -> tuple[str, str, str, str]:
    number, countries = found
    country = max(countries.items(), key=lambda item: (item[1], item[0]))[0]
    is_walk_in = number == WALK_IN
    return number, "Laufkundschaft" if is_walk_in else f"Kunde {number}", _COUNTRIES.get(country, country), "ja" if is_walk_in else ""


def _product(article: _Article) -> tuple[str, str, str, str]:
    price = max(median(article.prices), Decimal(0)).quantize(_CENT, ROUND_HALF_UP)
    return article.sku, article.name, _german(price), "ja" if article.is_no_goods else ""


@lru_cache(maxsize=200_000)
def _revenue(quantity: str, price: str) -> str:
    return _german((int(quantity) * Decimal(price)).quantize(_CENT, ROUND_HALF_UP))


@lru_cache(maxsize=1_000)
def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}.{month}.{year}"


def _german(amount: Decimal) -> str:
    return str(amount).replace(".", ",")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--source", type=Path, default=raw_lines())
    asked = parser.parse_args()
    lists = write_lists(asked.source, asked.folder)
    print(f"{lists.customers}\n{lists.products}\n{lists.orders}")


if __name__ == "__main__":
    main()
