"""Which article leads to which, with the one line that says why: accessories, services, successors.

An accessory's line ends the sentence "Hat {product}, kauft {match} nicht bei uns; passt dazu: …", a successor's the sentence
"Setzt {product} seit {years} Jahren ein; Nachfolger {successor}: …".
"""

from dataclasses import dataclass

from customers.models import ProductRelation
from innendienst.demo.goods import BY_SKU, Article

_ACCESSORY, _SERVICE, _SUCCESSOR = ProductRelation.Kind.ACCESSORY, ProductRelation.Kind.SERVICE, ProductRelation.Kind.SUCCESSOR


@dataclass(frozen=True, slots=True)
class Pair:
    source: Article
    target: Article
    kind: str
    argument: str


def _pairs(kind: str, *rows: tuple[str, str, str]) -> tuple[Pair, ...]:
    return tuple(Pair(BY_SKU[source], BY_SKU[target], kind, argument) for source, target, argument in rows)


PAIRS = (
    *_pairs(
        _ACCESSORY,
        ("1101", "2109", "gleicher Durchmesser, bringt den Glanz ohne zweiten Arbeitsgang"),
        ("1101", "3112", "schaumarm, schont Saugmotor und Dichtungen"),
        ("1101", "2121", "verschlissene Lippen lassen Wasser auf dem Boden stehen"),
        ("1102", "2109", "ohne Umbau montiert, hält etwa 40 Betriebsstunden"),
        ("1102", "3112", "schaumarm und für den Tank der M2 freigegeben"),
        ("1102", "2121", "öl- und fettbeständig, in zwei Minuten gewechselt"),
        ("1103", "2105", "löst festen Schmutz, ohne den Akku stärker zu fordern"),
        ("1103", "3112", "schaumarm, ein Kanister reicht für etwa 2.000 l Lösung"),
        ("1103", "2401", "zweiter Akku verdoppelt die Laufzeit ohne Ladepause"),
        ("1108", "2112", "für Estrich und Beton, hält doppelt so lange wie die weiche"),
        ("1108", "2128", "Satz für beide Seiten, verhindert Wasserstreifen"),
        ("1108", "3112", "schaumarm, für große Tanks im Kanister günstiger"),
        ("1201", "2201", "dreilagig, der Motor bleibt länger sauber"),
        ("1202", "2201", "dreilagig, passt auch zum Vorgänger S1"),
        ("1202", "2207", "hält Feinstaub zurück, wichtig für Allergiker im Haus"),
        ("1204", "2204", "für den Rucksacksauger geformt, kein Staub am Rücken"),
        ("1204", "2402", "mit Wechselakku ohne Pause durch die ganze Etage"),
        ("1213", "2203", "reißfest auch bei nassem Sauggut"),
        ("1213", "2210", "alte Schläuche verlieren bis zu einem Drittel der Saugkraft"),
        ("1217", "2203", "reißfest, für Späne und groben Staub"),
        ("1301", "2301", "stahlarmiert, der häufigste Verschleiß am H1"),
        ("1301", "3150", "löst Schmutz vor, spart die Hälfte der Waschzeit"),
        ("1302", "2301", "stahlarmiert, doppelte Länge spart das Umsetzen"),
        ("1302", "2302", "reinigt Hofflächen spritzfrei und etwa viermal so schnell"),
        ("1305", "2303", "trägt Schaum gleichmäßig auf, auch an Decken"),
        ("1305", "3155", "wirkt mit Heißwasser schon in halber Dosierung"),
        ("1402", "2140", "abgenutzte Walzen lassen Feinschmutz liegen"),
        ("1504", "2103", "für die Grundreinigung, gleicher Durchmesser"),
        ("1504", "3115", "löst alte Pflegefilme in einem Arbeitsgang"),
        ("1602", "2604", "nimmt gelösten Schmutz auf, kochfest"),
        ("3220", "2701", "passende Kartusche, ein Griff beim Nachfüllen"),
        ("3310", "2702", "passende Rolle, spart etwa ein Viertel Papier"),
        ("3132", "3133", "trockene Gläser ohne Flecken, auf R32 abgestimmt"),
        ("3132", "2703", "dosiert genau und spart etwa 20 % Spülmittel"),
        ("3210", "3412", "beständig gegen D10, mit Prüfzeugnis"),
        ("3150", "3151", "säurefrei, auch für lackierte Felgen"),
        ("3225", "3227", "beugt Hautproblemen vor, gehört in den Hautschutzplan"),
    ),
    *_pairs(
        _SERVICE,
        ("1101", "4101", "einmal im Jahr geprüft, Verschleißteile zum halben Preis"),
        ("1102", "4101", "einmal im Jahr geprüft, Verschleißteile zum halben Preis"),
        ("1103", "4101", "mit Akkutest, verlängert die Lebensdauer"),
        ("1108", "4103", "feste Kosten, Ersatzgerät binnen 24 Stunden"),
        ("1302", "4102", "jährliche Sicherheitsprüfung ist eingeschlossen"),
        ("1305", "4102", "jährliche Brenner- und Sicherheitsprüfung eingeschlossen"),
        ("1402", "4101", "einmal im Jahr geprüft, Kehrwalze eingestellt"),
        ("2703", "4202", "Nachweis für die Hygienekontrolle gleich dabei"),
    ),
    *_pairs(
        _SUCCESSOR,
        ("1101", "1102", "30 % leiser, 5 l mehr Tank, gleiche Pads"),
        ("1201", "1202", "längeres Kabel, gleiche Filterbeutel"),
        ("1301", "1302", "sparsamere Pumpe, Schlauch auf Trommel"),
        ("3160", "3161", "höher konzentriert, reicht etwa 15 % weiter"),
    ),
)

ACCESSORIES: dict[Article, list[Article]] = {}
SERVICES: dict[Article, Article] = {}
SUCCESSORS: dict[Article, Article] = {}
for _pair in PAIRS:
    if _pair.kind == _ACCESSORY:
        ACCESSORIES.setdefault(_pair.source, []).append(_pair.target)
    else:
        {_SERVICE: SERVICES, _SUCCESSOR: SUCCESSORS}[_pair.kind][_pair.source] = _pair.target
