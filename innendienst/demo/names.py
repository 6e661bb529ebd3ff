"""Words from which people and firms are named. Put together by chance, so nobody real is meant."""

SURNAMES = (
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer", "Koch",
    "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann",
    "Hartmann", "Lange", "Schmitt", "Werner", "Krause", "Meier", "Lehmann", "Köhler", "Herrmann", "König", "Mayer", "Huber",
    "Kaiser", "Fuchs", "Scholz", "Möller", "Weiß", "Jung", "Hahn", "Vogel", "Friedrich", "Günther", "Böhm", "Winkler",
    "Lorenz", "Baumann", "Voß", "Jäger", "Größmann", "Nürk", "Zöller", "Strauß", "Füßl", "Käßner", "Brüggemann", "Thiele",
    "Öztürk", "Yılmaz", "Kowalski", "Dąbrowski", "Nguyễn", "Papadopoulos", "Rossi", "García", "Novák", "Petrović", "Søndergaard",
    "El Amrani", "van den Berg", "von der Heide", "Lefèvre", "Schulze-Althoff", "Müller-Lüdenscheidt",
)  # fmt: skip

FIRST_NAMES = {
    "ms": (
        "Anna", "Käthe", "Bärbel", "Monika", "Andrea", "Sabine", "Petra", "Claudia", "Susanne", "Birgit", "Heike", "Martina",
        "Katrin", "Anke", "Ayşe", "Zoë", "Françoise", "Jördis", "Ulrike", "Nadine", "Svetlana", "Lucía", "Agnieszka", "Thi Lan",
    ),
    "mr": (
        "Jürgen", "Björn", "Sören", "Jörg", "Günter", "Uwe", "Stefan", "Thomas", "Michael", "Andreas", "Frank", "Markus",
        "Klaus", "Ralf", "Dirk", "Torsten", "Mehmet", "Łukasz", "René", "Giovanni", "Miloš", "Karl-Heinz", "Özgür", "Minh",
    ),
    "": ("Kim", "Sascha", "Robin", "Toni"),
}  # fmt: skip

POSITIONS_MALE = {"Hygienebeauftragte": "Hygienebeauftragter", "Hausdame": "Hausdamenteam"}

KIN = ("& Söhne", "& Töchter", "& Sohn", "& Partner", "Nachf.")
SPOTS = (
    "am Süßgrund", "an der Rosenhöhe", "im Lindenhain", "am Weißen Stein", "am Mühlbach", "am Schlosspark", "über den Höfen",
    "am Kräutergarten", "an der Alten Furt", "im Wiesengrund", "am Eichenwald", "auf dem Hüttenberg", "am Großen Anger",
    "an der Klosterwiese", "am Ährenfeld", "im Kirschgarten", "am Fuchsbau", "an der Kranichbrücke", "am Zwölfender",
    "am Heidesee", "an der Löwenstiege", "im Rübenfeld", "am Bürgerpark", "an den Drei Pappeln", "am Schneckenhaus",
)  # fmt: skip
INNS = (
    "Lindenhof", "Goldener Kranich", "Zur Alten Mühle", "Waldfrieden", "Schwarzer Storch", "Rosengarten", "Seeblick",
    "Drei Eichen", "Brückenhof", "Pusteblume", "Regenbogen", "Rübezahl", "Sonnenkäfer", "Löwenzahn", "Adlerhorst", "Mondschein",
    "Weißer Hirschkäfer", "Zum Grünen Kakadu", "Sternschnuppe", "Höhenblick", "Kastanienhof",
)  # fmt: skip
# Three syllables make an invented brand, so that firms seldom share a name.
BRAND_SYLLABLES = (
    ("Al", "Bär", "Cor", "Dün", "Fel", "Gro", "Hel", "Ibe", "Jür", "Kra", "Lüb", "Mar", "Nor", "Ost", "Prä", "Quer", "Rhön",
     "Stad", "Tri", "Ulm", "Vör", "Wes", "Zor"),
    ("a", "e", "i", "o", "u", "ä", "ö", "ü", "am", "el", "en", "er", "in", "on", "os", "ur"),
    ("bau", "berg", "co", "da", "fix", "ga", "lin", "mat", "norm", "plan", "quell", "rex", "sol", "tec", "tron", "vario", "zell"),
)  # fmt: skip

COMMERCIAL_FORMS = ("GmbH", "GmbH & Co. KG", "KG", "OHG", "e. K.", "AG", "UG (haftungsbeschränkt)")
COMMERCIAL_WEIGHTS = (46, 24, 8, 4, 9, 5, 3)
