"""Müller, Mueller and MULLER meet; Ä sorts with A."""

import pytest

from innendienst.lib.folding import business_key, search_words, sort_key, typed_words, without_accents

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Bäckerei Müller & Söhne GmbH & Co. KG", ["backerei", "muller", "sohne"]),
        ("Baeckerei Mueller und Soehne", ["backerei", "muller", "sohne"]),
        ("BÄCKEREI MULLER", ["backerei", "muller"]),
        ("Groß-Küche Zöller", ["gross", "kuche", "zoller"]),
        ("Renée Façade Łódź", ["renee", "facade", "lodz"]),
        ("Autohaus Nürk e. K.", ["autohaus", "nurk"]),
        ("Autohaus Nürk e.K.", ["autohaus", "nurk"]),
        ("Klinik am Süßgrund gGmbH", ["klinik", "am", "sussgrund"]),
        ("Voß UG (haftungsbeschränkt)", ["voss"]),
        ("", []),
        ("—", []),
    ],
)
def test_words_lose_accents_umlaut_spellings_and_legal_forms(written, words):
    assert search_words(written) == words


def test_a_decomposed_umlaut_folds_like_a_composed_one():
    assert search_words("Mu\u0308ller") == search_words("M\u00fcller")


def test_a_name_made_of_legal_forms_only_stays_findable():
    assert search_words("Co AG") == ["co", "ag"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("Herr Voß", ["voss"]), ("Frau Prof. Dr. Weiß", ["weiss"]), ("Frau", ["frau"]), ("Frauke", ["frauke"]), ("Dr", ["dr"])],
)
def test_how_somebody_is_addressed_finds_nobody_and_hides_nobody(typed, words):
    assert typed_words(typed) == words


@pytest.mark.parametrize(("text", "folded"), [("Größe", "grosse"), ("ẞ", "ss"), ("Ångström", "angstrom"), ("Smørrebrød", "smorrebrod")])
def test_letters_lose_their_marks(text, folded):
    assert without_accents(text) == folded


def test_names_sort_as_in_a_german_phone_book():
    names = ["Zoll", "Ärzte", "Arndt", "Öl", "Oase", "aber"]
    assert sorted(names, key=sort_key) == ["aber", "Arndt", "Ärzte", "Oase", "Öl", "Zoll"]


def test_a_sort_key_fits_its_column():
    assert len(sort_key("ß" * 200)) == 120


@pytest.mark.parametrize(
    ("one", "other", "are_same"), [("k-1004", " K-1004 ", True), ("000123", "123", False), ("Straße", "STRASSE", True)]
)
def test_business_numbers_ignore_case_and_outer_blanks_but_keep_zeros(one, other, are_same):
    assert (business_key(one) == business_key(other)) is are_same
