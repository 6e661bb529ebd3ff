"""Who needs cleaning technology, what such firms are called, which devices they own and what they use up."""

from dataclasses import dataclass

from innendienst.demo.goods import BY_SKU, Article


@dataclass(frozen=True, slots=True)
class Industry:
    """`names` are patterns of firm names, `form` the legal form (None = one of the commercial ones, "" = none).

    `devices` are those such a firm may own, `supplies` what it uses up, the most usual first; `positions` are those of the
    people who decide. `size` scales quantities.
    """

    name: str
    share: int
    names: tuple[str, ...]
    devices: tuple[Article, ...]
    supplies: tuple[Article, ...]
    positions: tuple[str, ...]
    size: float = 1.0
    form: str | None = None
    season: str = ""


_OFFICE = "Einkauf | Geschäftsführung | Verwaltung | Buchhaltung"


def _goods(text: str) -> tuple[Article, ...]:
    return tuple(BY_SKU[sku] for sku in text.split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


def _industry(name: str, share: int, names: str, devices: str, supplies: str, positions: str, **more) -> Industry:
    return Industry(name, share, _words(names), _goods(devices), _goods(supplies), _words(f"{positions} | {_OFFICE}"), **more)


INDUSTRIES = (
    _industry("Bäckerei", 9, "Bäckerei {family} {kin} | Bäckerei und Konditorei {family} | Backhaus {family} | Landbäckerei {brand}",
              "1102 1101 1213 1602", "3110 3130 3310 3412 3131 3410 3220 3132 2604", "Filialleitung | Backstubenleitung", size=0.7),
    _industry("Klinik", 5, "Klinik {spot} | Klinikum {spot} | Fachklinik {spot} | Rehazentrum {spot}",
              "1108 1103 1504 1204", "3210 3211 3412 3311 3312 3120 3110 3410 3160 2604 3213",
              "Hauswirtschaftsleitung | Hygienebeauftragte | Technische Leitung", size=3.2, form="gGmbH"),
    _industry("Autohaus", 8, "Autohaus {family} | Autohaus {family} {kin} | Kfz-Meisterbetrieb {family} | {brand} Automobile",
              "1301 1302 1305 1217 1102", "3150 3155 3225 3310 3314 3156 3412 3140 3180", "Werkstattleitung | Serviceleitung", size=0.9),
    _industry("Schule", 7, "Grundschule {spot} | Gymnasium {spot} | Berufsschulzentrum {spot} | Gesamtschule {spot}",
              "1102 1101 1504 1202 1201", "3112 3120 3312 3311 3410 2604 3220 3115 3180",
              "Hausmeisterei | Schulleitung", size=1.4, form="", season="school"),
    _industry("Hotel", 8, "Hotel {inn} | Landhotel {inn} | Hotel und Tagungshaus {inn} | Gasthof {inn}, Inh. {family}",
              "1202 1201 1204 1504 1602", "3120 3312 3110 3140 2604 3221 3170 3411 3122 3132", "Hausdame | Küchenleitung", season="travel"),
    _industry("Gebäudedienste", 12, "Gebäudedienste {family} | {brand} Gebäudereinigung | Glas- und Gebäudereinigung {family} {kin} | "
              "{family} Facility Services", "1103 1102 1504 1204 1202 1213 1108",
              "3110 3120 3112 2604 2606 3410 3412 3140 2603 3115 3160 3312 3122", "Objektleitung | Bereichsleitung", size=2.4),
    _industry("Spedition", 7, "Spedition {family} | Spedition {family} {kin} | {brand} Logistik | {family} Transporte",
              "1402 1108 1305 1302", "3155 3150 3156 3225 3310 3312 3410 3180", "Fuhrparkleitung | Lagerleitung", size=1.3),
    _industry("Großküche", 7, "Großküche {family} | {brand} Catering | {family} Betriebsgastronomie | Menüdienst {inn}",
              "1102 1213 1602", "3132 3130 3310 3412 3131 3210 3410 3110 3413", "Küchenleitung | Hygienebeauftragte", size=1.5),
    _industry("Maschinenbau", 8, "Maschinenbau {family} | {brand} Maschinenfabrik | Präzisionsteile {family} | {family} Zerspanungstechnik",
              "1217 1402 1108 1213", "3155 3225 3314 3156 3310 3227 3410 3413 3312", "Fertigungsleitung | Instandhaltung", size=1.6),
    _industry("Praxis", 8, "Praxis Dr. {family} | Zahnarztpraxis Dr. {family} | "
              "Gemeinschaftspraxis Dr. {family} und Kollegen | Physiotherapie {family}",
              "1202 1201", "3211 3210 3319 3412 3213 3311 2606", "Praxisleitung | Hygienebeauftragte", size=0.45, form=""),
    _industry("Pflege", 6, "Seniorenresidenz {spot} | Pflegeheim {spot}",
              "1102 1504 1204", "3210 3211 3412 3413 3311 3120 3411 3110 2604 3160",
              "Hauswirtschaftsleitung | Pflegedienstleitung", size=1.8, form="gGmbH"),
    _industry("Pflege", 1, "Gemeinnützige Gesellschaft für Seniorenpflege und Betreutes Wohnen {spot}",
              "1102 1504", "3210 3211 3412 3311 3120 3411 3110", "Hauswirtschaftsleitung | Pflegedienstleitung", size=1.8, form="mbH"),
    _industry("Metzgerei", 5, "Metzgerei {family} | Fleischerei {family} {kin} | Landmetzgerei {brand}",
              "1301 1305 1213", "3130 3210 3412 3310 3225 3410", "Produktionsleitung | Filialleitung", size=0.6),
    _industry("Einzelhandel", 6, "{family} Frischemarkt | {brand} Verbrauchermarkt | Getränkemarkt {family} | Möbelhaus {family} {kin}",
              "1101 1102 1108 1401", "3112 3110 3310 3410 3140 3312 3180", "Marktleitung | Lagerleitung"),
    _industry("Sport und Freizeit", 4, "Sportzentrum {spot} | {brand} Fitness | Freizeitbad {spot} | Tennishalle {spot}",
              "1102 1204 1302", "3120 3313 3210 3221 3122 3410 2606", "Betriebsleitung | Technische Leitung", season="travel"),
    _industry("Kita", 4, "Kindertagesstätte {inn} | Kinderhaus {inn} | Evangelische Kita {spot}",
              "1202 1201", "3312 3220 3311 3110 3411 3211", "Einrichtungsleitung | Hauswirtschaft", size=0.4, form="", season="school"),
    _industry("Lebensmittelindustrie", 3, "{brand} Lebensmittelwerke | Molkerei {brand} | {brand} Feinkost | Brauerei {family} {kin}",
              "1305 1108 1217 1402", "3155 3130 3210 3412 3413 3310 3415 3314",
              "Betriebsleitung | Hygienebeauftragte | Instandhaltung", size=3.6),
    _industry("Aus- und Weiterbildung", 1, "Überbetriebliches Ausbildungszentrum für Reinigungstechnik und Hauswirtschaft {spot}",
              "1102 1504 1204", "3110 3120 3312 2604 3410", "Ausbildungsleitung | Hauswirtschaft", form="", season="school"),
)  # fmt: skip
SHARES = tuple(industry.share for industry in INDUSTRIES)
BY_NAME = {industry.name: industry for industry in INDUSTRIES}
