"""What reps wrote down: short notes by outcome, titles of complaints, reasons of blocks.

Placeholders: {article} something the customer buys, {quantity} and {unit} of an order, {who} the person spoken to.
"""

from customers.models.activities import Outcome

NOTES: dict[str, tuple[str, ...]] = {
    Outcome.NOT_REACHED: (
        "",
        "",
        "Besetzt.",
        "Mailbox, nichts hinterlassen.",
        "In einer Besprechung, morgen noch einmal.",
        "Zentrale: erst ab 13 Uhr im Haus.",
    ),
    Outcome.CALLBACK: (
        "Bittet um Rückruf, steht gerade in der Produktion.",
        "Will erst den Bestand prüfen, dann Rückruf.",
        "Budget wird diese Woche freigegeben, danach noch einmal sprechen.",
        "Muss die Menge mit der Objektleitung abstimmen.",
        "Gerade im Kundengespräch, ruft sonst selbst an.",
    ),
    Outcome.REACHED: (
        "Zufrieden mit der letzten Lieferung, zurzeit kein Bedarf an Neuem.",
        "{article} reicht noch etwa drei Wochen.",
        "Neue Lieferanschrift ab nächstem Monat, schickt sie per Mail.",
        "Fragt nach Sicherheitsdatenblatt für {article}, heute verschickt.",
        "Stellt auf feste Liefertage um: nur noch dienstags.",
        "Lobt die schnelle Lieferung. Ansprechpartner bleibt {who}.",
        "Verbrauch gleich, Lager umgezogen: bitte an Tor 2 liefern.",
    ),
    Outcome.INTERESTED: (
        "Interesse an Staffelpreis für {article}, Angebot geht heute raus.",
        "Will {article} in größerer Menge testen, meldet Bedarf in zwei Wochen.",
        "Bisherige Maschine ist sechs Jahre alt, Vorführung gewünscht.",
        "Fragt nach Wartungsvertrag, möchte Preis schriftlich.",
        "Zweiter Standort kommt dazu, braucht die Ausstattung dafür.",
        "Vergleicht gerade Dosieranlagen, nimmt unser Angebot gern dazu.",
    ),
    Outcome.ORDER: (
        "Bestellt {quantity} {unit} {article}.",
        "{quantity} {unit} {article} wie immer, Lieferung bis Freitag.",
        "Auftrag: {quantity} {unit} {article}, dazu das Übliche.",
        "War fast leer, nimmt {quantity} {unit} {article}.",
    ),
    Outcome.NO_NEED: (
        "Lager voll, Bedarf erst wieder im nächsten Quartal.",
        "Reinigung ist an einen Dienstleister vergeben.",
        "Hat sich bei {article} für einen anderen Lieferanten entschieden, Preis.",
        "Umbau bis Jahresende, vorher keine Bestellung.",
        "Braucht {article} nicht mehr, Boden wurde erneuert.",
    ),
    Outcome.COMPLAINT: (
        "Ärgerlich, aber sachlich. Erwartet Rückmeldung bis morgen.",
        "Fotos kommen per Mail.",
        "Möchte Ersatz, keine Gutschrift.",
    ),
}

OWN_REMINDERS = (
    "Jahresgespräch vereinbaren",
    "Nachfragen, ob das Muster angekommen ist",
    "Angebot Wartungsvertrag nachfassen",
    "Preisliste für das neue Jahr ankündigen",
    "Termin für Vorführung abstimmen",
    "Bedarf für den zweiten Standort erfragen",
)
REMINDER_OF = {
    Outcome.CALLBACK: "Rückruf zugesagt",
    Outcome.NOT_REACHED: "Nicht erreicht, noch einmal versuchen",
    Outcome.INTERESTED: "Angebot nachfassen",
}

GOODS_COMPLAINTS = (
    "Kanister undicht angekommen",
    "{article}: falsche Größe geliefert",
    "Lieferung unvollständig: {article} fehlt",
    "{article}: Karton beschädigt",
)
SERVICE_COMPLAINTS = (
    "Rechnung ohne vereinbarten Rabatt",
    "Lieferung kam drei Tage zu spät",
    "Wartungstermin nicht eingehalten",
    "Rückruf blieb aus",
)

NEEDED_GROUPS = (
    "Hygienepapier",
    "Reinigungsmittel",
    "Abfallbeutel und Handschuhe",
    "Desinfektion und Handhygiene",
    "Mopps, Tücher, Spender",
)
SUPPLIERS = ("Wischmeyer Handelskontor", "Blankenrein & Co.", "Großhandel Saubermuth", "Papierhaus Federling")

BLOCK_REASONS = (
    "Wünscht keine Anrufe mehr",
    "Bestellt nur über den Webshop",
    "Widerspruch per E-Mail",
    "Möchte nur schriftlich angesprochen werden",
)
