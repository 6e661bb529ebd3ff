"""How messages are shown: equal ones once, columns as the reader calls them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from customers.imports.lists import LISTS
from customers.imports.messages import Message, gathered
from tests.customers.imports.uploading import work


@pytest.mark.rules
def test_equal_messages_stand_once_with_their_rows():
    with translation.override("de"):
        said = gathered(
            [Message("empty"), *(Message("missing", row=row, column="Firma") for row in range(3, 23)), Message("missing", row=30)]
        )
        assert [one.place for one in said] == ["", "in 20 Zeilen: 3, 4, 5, 6, 7, 8, 9, 10 …", "30"]


def test_the_page_shows_twenty_equal_errors_as_one_and_says_what_is_about_the_whole_list(admin):
    content = "Kundennummer;Firma;Farbe\n" + "".join(f"{number};;rot\n" for number in range(20))
    form = {"mode": "strict", "file": SimpleUploadedFile("kunden.csv", content.encode())}
    url = admin.post(reverse("imports:upload", args=["customers"]), form).url
    work()
    page = admin.get(url).content.decode()
    assert page.count("Die Zelle ist leer") == 1
    assert "in 20 Zeilen: 2, 3, 4, 5, 6, 7, 8, 9 …" in page
    assert '<td class="soft" colspan="2">Ganze Liste</td>' in page


@pytest.mark.parametrize(("language", "name"), [("de", "Kundennummer"), ("en", "Customer number")])
def test_columns_are_called_as_the_reader_calls_them(admin, dieter, language, name):
    dieter.language = language
    dieter.save()
    assert f"<strong>{name}</strong>" in admin.get(reverse("imports:upload", args=["customers"])).content.decode()


@pytest.mark.rules
def test_every_column_has_a_german_and_an_english_name():
    assert all(len(one.headings) > 1 for kind in LISTS.values() for one in kind().columns.columns)


def test_imports_stand_once_on_the_start_page_of_the_administration(admin):
    page = admin.get(reverse("admin:index")).content.decode()
    assert (page.count(reverse("imports:list") + '"'), page.count(reverse("admin:customers_importrun_changelist") + '"')) == (1, 0)
