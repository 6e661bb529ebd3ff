"""The catalogue: groups of goods with their articles. All of it is invented.

`gap` is the usual number of days between two orders of an article (0 = not bought in a rhythm), `pack` the quantity that a
customer of medium size takes each time, `season` names a curve of seasons.py. `steps` are
quantities with the price per unit from there on. `last_order_in` counts the days from today to
the last order date of a discontinued article: below 0 it is gone, above 0 it is a last call.
"""

from dataclasses import dataclass
from decimal import Decimal

from customers.models import Product

DEVICE, ACCESSORY, CONSUMABLE, SERVICE = Product.Kind.DEVICE, Product.Kind.ACCESSORY, Product.Kind.CONSUMABLE, Product.Kind.SERVICE


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """One article. Prices are net euros per unit; a cost of None is unknown to the ERP."""

    sku: str
    name: str
    kind: str
    unit: str
    price: Decimal
    cost: Decimal | None
    gap: int = 0
    pack: int = 1
    season: str = ""
    stock: int = 0
    last_order_in: int | None = None
    warranty_months: int | None = None
    term_months: int | None = None
    needs_demo: bool = False
    not_offered: bool = False
    steps: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    name: str
    assumed_cm_ratio: Decimal
    articles: tuple[Article, ...]


def _euros(amount: str) -> Decimal | None:
    return None if amount == "?" else Decimal(amount)


def _article(kind: str, unit: str, sku: str, name: str, price: str, cost: str, **more) -> Article:
    return Article(sku, name, kind, unit, Decimal(price), _euros(cost), **more)


def _device(sku: str, name: str, price: str, cost: str, *, stock: int = 6, **more) -> Article:
    return _article(DEVICE, "Stück", sku, name, price, cost, **{"stock": stock, "warranty_months": 24, **more})


def _part(sku: str, name: str, unit: str, price: str, cost: str, gap: int, *, stock: int = 60, **more) -> Article:
    return _article(ACCESSORY, unit, sku, name, price, cost, gap=gap, stock=stock, **more)


def _supply(sku: str, name: str, unit: str, price: str, cost: str, gap: int, pack: int, *, stock: int = 400, **more) -> Article:
    return _article(CONSUMABLE, unit, sku, name, price, cost, gap=gap, pack=pack, stock=stock, **more)


def _service(sku: str, name: str, unit: str, price: str, cost: str, **more) -> Article:
    return _article(SERVICE, unit, sku, name, price, cost, **more)


GROUPS = (
    Group("Scheuersaugmaschinen", Decimal("0.28"), (
        _device("1101", "Scheuersaugmaschine M1", "2890.00", "2020.00", stock=0, last_order_in=-420),
        _device("1102", "Scheuersaugmaschine M2", "3180.00", "2230.00"),
        _device("1103", "Scheuersaugmaschine M3 Akku", "4290.00", "3050.00", needs_demo=True),
        _device("1108", "Aufsitz-Scheuersaugmaschine A8", "11900.00", "8700.00", stock=2, needs_demo=True),
    )),
    Group("Sauger", Decimal("0.31"), (
        _device("1201", "Gewerbestaubsauger S1", "329.00", "218.00", stock=0, last_order_in=-240),
        _device("1202", "Gewerbestaubsauger S2", "349.00", "231.00", stock=40),
        _device("1204", "Rucksacksauger S4 Akku", "549.00", "371.00", stock=18),
        _device("1213", "Nass- und Trockensauger N3", "489.00", "330.00", stock=22),
        _device("1217", "Industriesauger N7", "1290.00", "?"),
    )),
    Group("Hochdruckreiniger", Decimal("0.30"), (
        _device("1301", "Hochdruckreiniger H1 Kaltwasser", "690.00", "468.00", stock=9, last_order_in=26),
        _device("1302", "Hochdruckreiniger H2 Kaltwasser", "740.00", "495.00", stock=20),
        _device("1305", "Hochdruckreiniger H5 Heißwasser", "2690.00", "1890.00", needs_demo=True),
    )),
    Group("Kehren und Polieren", Decimal("0.29"), (
        _device("1401", "Handkehrmaschine K1", "389.00", "262.00", stock=15),
        _device("1402", "Kehrsaugmaschine K2", "3650.00", "2600.00", stock=3, needs_demo=True),
        _device("1504", "Einscheibenmaschine E4", "1150.00", "790.00"),
        _device("1602", "Dampfreiniger D2", "890.00", "?"),
    )),
    Group("Pads und Bürsten", Decimal("0.50"), (
        _part("2103", "Superpad P3", "Karton", "33.90", "16.40", 70, pack=2),
        _part("2105", "Scheuerpad P5", "Karton", "29.90", "14.20", 60, pack=2),
        _part("2109", "Polierpad P9", "Karton", "32.50", "15.80", 55, pack=2),
        _part("2111", "Scheuerbürste B1 weich", "Stück", "64.00", "31.00", 170, pack=2),
        _part("2112", "Scheuerbürste B2 hart", "Stück", "69.00", "33.50", 170, pack=2),
        _part("2121", "Sauglippensatz L1", "Stück", "48.00", "21.50", 115),
        _part("2128", "Sauglippensatz L8", "Stück", "92.00", "43.00", 130),
        _part("2140", "Kehrwalze K2", "Stück", "139.00", "66.00", 260),
    )),
    Group("Filter, Schläuche, Düsen", Decimal("0.48"), (
        _part("2201", "Filterbeutel F1", "Paket", "21.50", "9.80", 55, pack=3),
        _part("2203", "Vliesfilterbeutel F3", "Paket", "27.90", "12.90", 75, pack=2),
        _part("2204", "Filterbeutel F4", "Paket", "24.50", "11.20", 60, pack=2),
        _part("2207", "HEPA-Filter F7", "Stück", "45.00", "21.00", 190, pack=2),
        _part("2210", "Saugschlauch 2,5 m", "Stück", "58.00", "26.50", 420),
        _part("2301", "Hochdruckschlauch 10 m", "Stück", "96.00", "46.00", 400),
        _part("2302", "Flächenreiniger FR 30", "Stück", "179.00", "101.00", 560),
        _part("2303", "Schaumlanze SL 1", "Stück", "64.00", "29.00", 480),
    )),
    Group("Akkus und Ladegeräte", Decimal("0.30"), (
        _part("2401", "Akku 24 V 105 Ah", "Stück", "690.00", "480.00", 600, pack=1, stock=12),
        _part("2402", "Akku S4 Li-Ion", "Stück", "189.00", "?", 450, stock=25),
        _part("2405", "Ladegerät 24 V", "Stück", "310.00", "214.00", 640, stock=8),
    )),
    Group("Mopps, Tücher, Spender", Decimal("0.42"), (
        _part("2603", "Wischmopp Mikrofaser 50 cm", "Paket", "62.00", "33.50", 105),
        _part("2604", "Mikrofasertuch blau", "Paket", "24.90", "11.90", 70, pack=3),
        _part("2606", "Mikrofasertuch rot", "Paket", "24.90", "11.90", 75, pack=2),
        _part("2610", "Reinigungswagen W2", "Stück", "289.00", "182.00", 620, stock=14),
        _part("2701", "Seifenspender SP1", "Stück", "38.90", "19.50", 380, pack=4),
        _part("2702", "Handtuchspender SP2", "Stück", "79.00", "41.00", 420, pack=3),
        _part("2703", "Dosieranlage Küche DK1", "Stück", "340.00", "205.00", 620, stock=5, needs_demo=True),
    )),
    Group("Reinigungsmittel", Decimal("0.42"), (
        _supply("3110", "Reiniger R10", "Kanister", "34.90", "18.60", 32, 4, steps=((12, "33.50"), (24, "32.20"))),
        _supply("3112", "Automatenreiniger R12", "Kanister", "38.50", "20.90", 38, 4),
        _supply("3115", "Grundreiniger R15", "Kanister", "44.90", "24.80", 95, 2),
        _supply("3120", "Sanitärreiniger R20", "Karton", "41.80", "23.10", 36, 3, steps=((12, "40.10"),)),
        _supply("3122", "Kalklöser R22", "Kanister", "31.20", "16.00", 62, 2),
        _supply("3130", "Fettlöser R30", "Kanister", "36.40", "19.30", 34, 3, steps=((12, "34.90"), (24, "33.60"))),
        _supply("3131", "Backofenreiniger R31", "Karton", "52.80", "29.60", 58, 1),
        _supply("3132", "Maschinenspülmittel R32", "Kanister", "58.90", "35.20", 26, 4),
        _supply("3133", "Klarspüler R33", "Kanister", "46.50", "25.40", 48, 2),
        _supply("3140", "Glasreiniger R40", "Karton", "39.60", "20.80", 64, 1),
        _supply("3150", "Aktivschaum R50", "Kanister", "49.90", "27.80", 36, 3, season="outdoor"),
        _supply("3151", "Felgenreiniger R51", "Kanister", "54.50", "29.90", 55, 2, season="outdoor"),
        _supply("3155", "Industriereiniger R55", "Kanister", "47.20", "25.60", 45, 4),
        _supply("3156", "Ölbindemittel R56", "Sack", "23.90", "12.70", 70, 5),
        _supply("3160", "Wischpflege R60", "Kanister", "37.80", "20.40", 52, 3, stock=140, last_order_in=12),
        _supply("3161", "Wischpflege R61", "Kanister", "39.40", "20.90", 52, 3),
        _supply("3170", "Teppichreiniger R70", "Kanister", "42.30", "22.70", 85, 2),
        _supply("3180", "Auftaumittel R80", "Sack", "18.90", "10.80", 30, 10, season="winter"),
    )),
    Group("Desinfektion und Handhygiene", Decimal("0.38"), (
        _supply("3210", "Flächendesinfektion D10", "Kanister", "64.80", "39.50", 30, 4, steps=((12, "62.40"), (24, "60.50"))),
        _supply("3211", "Händedesinfektion D20", "Karton", "72.50", "45.10", 34, 3),
        _supply("3213", "Instrumentendesinfektion D30", "Kanister", "88.00", "54.20", 48, 2),
        _supply("3220", "Seifencreme C1", "Karton", "46.20", "26.30", 40, 2),
        _supply("3221", "Schaumseife C2", "Karton", "53.90", "?", 45, 2),
        _supply("3225", "Handwaschpaste C5", "Eimer", "38.70", "20.10", 60, 2),
        _supply("3227", "Hautschutzcreme C7", "Karton", "58.20", "?", 80, 1),
    )),
    Group("Hygienepapier", Decimal("0.24"), (
        _supply("3310", "Handtuchrolle T1", "Paket", "36.90", "27.40", 30, 4, steps=((20, "35.80"), (40, "34.90"))),
        _supply("3311", "Falthandtuch T2", "Karton", "33.80", "25.30", 34, 5, steps=((20, "32.90"),)),
        _supply("3312", "Toilettenpapier T5", "Paket", "31.50", "23.90", 28, 5),
        _supply("3313", "Jumborolle T6", "Paket", "29.80", "22.40", 32, 4),
        _supply("3314", "Putztuchrolle T8", "Paket", "27.60", "19.80", 44, 4),
        _supply("3319", "Liegenpapier T9", "Karton", "42.40", "30.70", 42, 2),
    )),
    Group("Abfallbeutel und Handschuhe", Decimal("0.27"), (
        _supply("3410", "Abfallbeutel 120 l", "Karton", "38.20", "27.60", 40, 3),
        _supply("3411", "Abfallbeutel 35 l", "Karton", "29.40", "20.90", 45, 2),
        _supply("3412", "Nitrilhandschuh Größe M", "Karton", "54.00", "40.50", 30, 3),
        _supply("3413", "Nitrilhandschuh Größe L", "Karton", "54.00", "40.50", 36, 2),
        _supply("3415", "Chemieschutzhandschuh", "Paket", "32.60", "?", 95, 1),
    )),
    Group("Wartung und Schulung", Decimal("0.55"), (
        _service("4101", "Wartungsvertrag Bodenmaschine", "Vertrag", "390.00", "172.00", term_months=12),
        _service("4102", "Wartungsvertrag Hochdruck", "Vertrag", "290.00", "128.00", term_months=12),
        _service("4103", "Vollservicevertrag Aufsitzmaschine", "Vertrag", "1480.00", "690.00", term_months=24),
        _service("4110", "Garantieverlängerung 24 Monate", "Vertrag", "210.00", "?", term_months=24),
        _service("4201", "Einweisung vor Ort", "Termin", "180.00", "95.00"),
        _service("4202", "Hygieneschulung Küche", "Termin", "420.00", "190.00"),
        _service("4301", "Reparatur nach Aufwand", "Std.", "84.00", "46.00", not_offered=True),
    )),
    Group("Fracht und Verpackung", Decimal("0.10"), (
        _service("9001", "Frachtpauschale", "Stück", "12.90", "11.20", not_offered=True),
        _service("9002", "Anlieferung mit Hebebühne", "Stück", "89.00", "78.00", not_offered=True),
    )),
)  # fmt: skip

ARTICLES = tuple(article for group in GROUPS for article in group.articles)
BY_SKU = {article.sku: article for article in ARTICLES}
FREIGHT, HEAVY_FREIGHT = BY_SKU["9001"], BY_SKU["9002"]
INTRODUCTION, REPAIR = BY_SKU["4201"], BY_SKU["4301"]
