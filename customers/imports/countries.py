"""Countries as lists write them: by their two letters, by the old letters on cars, or by name."""

from customers.imports.cells import CellError, folded, shown, words

HOME = "DE"
# An underline stands for a blank within a name.
_NAMES = {
    "DE": "Deutschland Germany D BRD", "AT": "Österreich Austria A", "CH": "Schweiz Switzerland Suisse", "LI": "Liechtenstein FL",
    "BE": "Belgien Belgium B", "NL": "Niederlande Netherlands Holland", "LU": "Luxemburg Luxembourg L", "FR": "Frankreich France F",
    "IT": "Italien Italy I", "ES": "Spanien Spain E", "PT": "Portugal P", "DK": "Dänemark Denmark", "SE": "Schweden Sweden S",
    "NO": "Norwegen Norway N", "FI": "Finnland Finland FIN", "PL": "Polen Poland",
    "CZ": "Tschechien Tschechische_Republik Czechia Czech_Republic", "SK": "Slowakei Slovakia", "HU": "Ungarn Hungary H",
    "SI": "Slowenien Slovenia SLO", "HR": "Kroatien Croatia", "RO": "Rumänien Romania", "BG": "Bulgarien Bulgaria",
    "GR": "Griechenland Greece", "IE": "Irland Ireland EIRE IRL", "EE": "Estland Estonia", "LV": "Lettland Latvia",
    "LT": "Litauen Lithuania", "MT": "Malta", "CY": "Zypern Cyprus", "IS": "Island Iceland", "TR": "Türkei Turkey",
    "GB": "Großbritannien Vereinigtes_Königreich England United_Kingdom Great_Britain UK",
    "US": "USA Vereinigte_Staaten United_States", "CA": "Kanada Canada", "AU": "Australien Australia", "JP": "Japan",
    "SG": "Singapur Singapore", "CN": "China", "IN": "Indien India", "BR": "Brasilien Brazil",
    "AE": "Vereinigte_Arabische_Emirate United_Arab_Emirates", "IL": "Israel", "ZA": "Südafrika South_Africa RSA", "UA": "Ukraine",
    "RS": "Serbien Serbia", "HK": "Hongkong Hong_Kong", "SA": "Saudi-Arabien Saudi_Arabia", "LB": "Libanon Lebanon", "BH": "Bahrain",
}  # fmt: skip
_CODES = {folded(name): code for code, names in _NAMES.items() for name in names.split()}


def country(raw: object) -> str:
    """The two letters of ISO 3166; a blank cell means Germany."""
    typed = words(raw)
    if not typed:
        return HOME
    if found := _CODES.get(folded(typed)):
        return found
    if len(typed) == 2 and typed.isascii() and typed.isalpha():
        return typed.upper()
    raise CellError("unknown_country", value=shown(typed))
