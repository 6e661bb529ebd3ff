"""Towns with a postcode that belongs to them, by the region whose film numbers their customers get.

The numbers are those that the Bundesnetzagentur keeps free for films: they exist in five cities only, so a customer in
Dresden has one of Berlin.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """`prefix` is the area code, `block` the digits before the three free ones."""

    prefix: str
    block: str
    towns: tuple[tuple[str, str], ...]


def _towns(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((row.strip()[:5], row.strip()[6:]) for row in text.strip().split(","))


REGIONS = (
    Region("030", "23125", _towns("""
        01067 Dresden, 01277 Dresden, 01662 Meißen, 01796 Pirna, 02625 Bautzen, 02826 Görlitz, 03046 Cottbus, 04103 Leipzig,
        04229 Leipzig, 06108 Halle (Saale), 06667 Weißenfels, 06844 Dessau-Roßlau, 07545 Gera, 07743 Jena, 08056 Zwickau,
        09111 Chemnitz, 09599 Freiberg, 10115 Berlin, 10785 Berlin, 12043 Berlin, 13353 Berlin, 14467 Potsdam,
        14770 Brandenburg an der Havel, 15230 Frankfurt (Oder), 16225 Eberswalde, 39104 Magdeburg, 98527 Suhl, 99084 Erfurt,
        99423 Weimar""")),
    Region("040", "66969", _towns("""
        17489 Greifswald, 18055 Rostock, 18439 Stralsund, 19053 Schwerin, 20095 Hamburg, 21073 Hamburg, 22765 Hamburg,
        21335 Lüneburg, 23552 Lübeck, 24103 Kiel, 24937 Flensburg, 25813 Husum, 26122 Oldenburg, 26721 Emden, 27568 Bremerhaven,
        28195 Bremen, 29221 Celle, 30159 Hannover, 31134 Hildesheim, 37073 Göttingen, 38100 Braunschweig, 49074 Osnabrück""")),
    Region("0221", "4710", _towns("""
        32423 Minden, 33098 Paderborn, 33330 Gütersloh, 33602 Bielefeld, 40210 Düsseldorf, 41061 Mönchengladbach,
        42103 Wuppertal, 44135 Dortmund, 44787 Bochum, 45127 Essen, 46045 Oberhausen, 47051 Duisburg, 47798 Krefeld,
        48143 Münster, 50354 Hürth, 50667 Köln, 50823 Köln, 51063 Köln, 52062 Aachen, 53111 Bonn, 53721 Siegburg, 57072 Siegen,
        58095 Hagen, 59065 Hamm""")),
    Region("069", "90009", _towns("""
        34117 Kassel, 35037 Marburg, 35390 Gießen, 36037 Fulda, 54290 Trier, 55116 Mainz, 56068 Koblenz,
        60311 Frankfurt am Main, 60486 Frankfurt am Main, 61348 Bad Homburg vor der Höhe, 63065 Offenbach am Main, 63450 Hanau,
        64283 Darmstadt, 65183 Wiesbaden, 65549 Limburg an der Lahn, 66111 Saarbrücken, 67059 Ludwigshafen am Rhein,
        67547 Worms, 67655 Kaiserslautern, 68159 Mannheim, 69115 Heidelberg, 76133 Karlsruhe""")),
    Region("089", "99998", _towns("""
        63739 Aschaffenburg, 70173 Stuttgart, 71634 Ludwigsburg, 72070 Tübingen, 72764 Reutlingen, 73430 Aalen,
        73728 Esslingen am Neckar, 74072 Heilbronn, 78462 Konstanz, 79098 Freiburg im Breisgau, 80331 München, 80797 München,
        81667 München, 82362 Weilheim in Oberbayern, 83022 Rosenheim, 84028 Landshut, 85049 Ingolstadt, 86150 Augsburg,
        87435 Kempten (Allgäu), 88212 Ravensburg, 89073 Ulm, 90402 Nürnberg, 90762 Fürth, 91052 Erlangen, 93047 Regensburg,
        94032 Passau, 95444 Bayreuth, 96047 Bamberg, 97070 Würzburg""")),
)  # fmt: skip

STREETS = (
    "Hauptstraße", "Bahnhofstraße", "Gartenweg", "Industriestraße", "Am Gewerbepark", "Mühlenweg", "Schloßallee", "Königsallee",
    "Große Bleichen", "Südring", "Zum Höhenzug", "Rüdesheimer Straße", "Lindenstraße", "Werner-von-Beispiel-Straße", "Hafenkai",
    "Am Alten Schlachthof", "Gutenbergring", "Dieselweg", "Birkenallee", "Äußere Ringstraße", "Marktplatz", "Am Sägewerk",
)  # fmt: skip
