"""German is complete: every text of the sources stands in the catalogue, and every entry has its German."""

import ast
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext

TRANSLATED = ("innendienst", "accounts", "customers", "campaigns", "nps", "referrals", "templates")
SOURCE = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"


def keys(entries) -> set[tuple]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries if not entry.obsolete}


def test_every_text_has_its_german():
    catalogue = polib.pofile(str(SOURCE))
    assert len(catalogue) > 0
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize(
    ("word", "german"), [("Yes", "Ja"), ("No", "Nein"), ("Change", "Ändern"), ("Add", "Hinzufügen"), ("View", "Ansehen")]
)
def test_words_of_the_stock_administration_keep_their_meaning(word, german):
    """A text of ours without a context replaces Django's of the same words everywhere."""
    with translation.override("de"):
        assert gettext(word) == german


def test_placeholders_are_the_same_in_both_languages():
    differing = [
        entry.msgid
        for entry in polib.pofile(str(SOURCE))
        for german in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if _placeholders(german) - _placeholders(entry.msgid + (entry.msgid_plural or ""))
    ]
    assert differing == []


def test_the_catalogue_holds_every_text_of_the_sources_and_no_other(tmp_path, settings, monkeypatch):
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed: texts missing in the catalogue were not looked for")
    for folder in TRANSLATED:  # a copy, because makemessages writes beside what it reads
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "locale"))
    fresh = tmp_path / "locale"
    fresh.mkdir()
    settings.LOCALE_PATHS = [fresh]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["de"], verbosity=0)
    found = polib.pofile(str(fresh / "de" / "LC_MESSAGES" / "django.po"))
    assert sorted(keys(found) ^ keys(polib.pofile(str(SOURCE))), key=str) == []


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


@pytest.mark.rules
def test_no_text_to_translate_hides_inside_an_f_string():
    """xgettext does not look into them, so nobody would ever translate it."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for folder in TRANSLATED
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text()))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "gettext", "ngettext", "pgettext"}
    ]
    assert hidden == []
