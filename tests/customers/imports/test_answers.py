"""What a list leaves open is asked on its preview, once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from customers.imports import pick_up
from customers.models import Customer, FollowUp, ImportAnswer, ImportRun, OrderLine, Product
from innendienst.base import jobs
from innendienst.base.models import AuditEvent, Job
from tests import factories
from tests.customers.imports.uploading import work

WHY = "test"
HEAD = "Auftragsnummer;Position;Kundennummer;Artikelnummer;Datum;Menge;Umsatz;Belegart;Bezeichnung\n"
ORDER = "A1;1;K-1;R;01.02.2026;1;5;Auftrag;Reiniger\n"
INVOICE = "R1;1;K-1;R;01.02.2026;1;5;Rechnung;Reiniger\n"


@pytest.fixture
def nord(db):
    return factories.make_customer("Nord", number="K-1")


def upload(client, content: str, kind: str = "orders") -> str:
    """Upload and check; the address of the preview."""
    form = {"mode": "strict", "file": SimpleUploadedFile("liste.csv", content.encode())}
    url = client.post(reverse("imports:upload", args=[kind]), form).url
    work()
    return url


def confirm(client, url: str, **fields) -> None:
    page = client.get(url).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    client.post(f"{url}confirm/", {"seen": seen[1] if seen else ImportRun.objects.first().staged_at.isoformat(), **fields})
    work()


def answer(client, url: str, **answers) -> None:
    """Give these answers (by what the list says) on the page, leaving the others as they stand there."""
    form = client.get(url).context["answers"]
    given = {f"answer-{index}": answers.get(one.text, form[f"answer-{index}"].value()) for index, one in enumerate(form._questions)}
    client.post(f"{url}answer/", given)
    work()


def _numbers() -> list[str]:
    return sorted(OrderLine.objects.for_system(WHY).values_list("order__number", flat=True))


# --- kinds of documents ----------------------------------------------------------------------------------------------


def test_several_kinds_of_documents_are_asked_once_which_count(admin, nord, dieter):
    url = upload(admin, HEAD + ORDER + INVOICE)
    page = admin.get(url).content.decode()
    assert "Welche Belegarten zählen?" in page
    assert "„Rechnung“ bedeutet" in page
    assert 'id="take-over"' not in page
    confirm(admin, url)
    assert _numbers() == []  # not before it is answered
    answer(admin, url, Rechnung="no")
    assert 'id="take-over"' not in admin.get(url).content.decode()  # nobody has said yet that the other one counts
    answer(admin, url, Auftrag="yes")
    assert "1 Zeile wurde weggelassen, weil ihre Belegart nicht zählt." in admin.get(url).content.decode()
    confirm(admin, url)
    assert _numbers() == ["A1"]
    assert list(ImportAnswer.objects.order_by("key").values_list("topic", "key", "said", "by")) == [
        ("document", "auftrag", "yes", dieter.pk), ("document", "rechnung", "no", dieter.pk),
    ]  # fmt: skip
    assert AuditEvent.objects.filter(act="import.answer", by=dieter).count() == 2


def test_the_question_says_how_many_rows_each_kind_of_document_has(admin, nord):
    page = admin.get(upload(admin, HEAD + ORDER + ORDER.replace("A1;1", "A1;2") + INVOICE))
    assert [(one.text, one.rows) for one, _field in page.context["answers"].documents] == [("Auftrag", 2), ("Rechnung", 1)]
    assert ">2 Zeilen</span>" in page.content.decode()


def test_what_was_answered_holds_for_the_next_list_and_a_new_kind_asks_again(admin, nord, order_list):
    ImportAnswer.objects.bulk_create([
        ImportAnswer(topic="document", key="auftrag", said="yes"), ImportAnswer(topic="document", key="rechnung", said="no"),
    ])  # fmt: skip
    url = upload(admin, HEAD + ORDER + INVOICE)
    assert (ImportRun.objects.get().verdict, 'id="take-over"' in admin.get(url).content.decode()) == ("accept", True)
    confirm(admin, url)
    assert _numbers() == ["A1"]
    other = upload(admin, HEAD + "L1;1;K-1;R;01.03.2026;1;5;Lieferschein;Reiniger\n")
    assert 'id="take-over"' not in admin.get(other).content.decode()


def test_one_kind_alone_asks_nothing(admin, nord):
    url = upload(admin, HEAD + ORDER)
    assert "Welche Belegarten zählen?" not in admin.get(url).content.decode()
    confirm(admin, url)
    assert _numbers() == ["A1"]


def test_a_list_from_the_folder_waits_for_the_answer(nord, dieter, settings, tmp_path, monkeypatch):
    settings.IMPORT_DIR = tmp_path / "in"
    settings.IMPORT_DIR.mkdir()
    monkeypatch.setattr(pick_up, "QUIET_SECONDS", -1)
    (settings.IMPORT_DIR / "auftraege.csv").write_text(HEAD + ORDER + INVOICE)
    job = jobs.request(pick_up.PICK_UP)
    jobs.run(job.pk if hasattr(job, "pk") else Job.objects.get(kind=pick_up.PICK_UP).pk)
    assert (ImportRun.objects.get().state, _numbers()) == ("staged", [])


def test_the_same_file_after_another_answer_is_read_anew(admin, nord, order_list):
    head, *rows = [line.split(";") for line in (HEAD + ORDER + INVOICE).splitlines()]
    assert order_list(head, *rows).created == 2
    ImportAnswer.objects.create(topic="document", key="rechnung", said="no")
    assert order_list(head, *rows).unchanged == 1


# --- articles nobody is called about ---------------------------------------------------------------------------------

FREIGHT = "A1;2;K-1;F;01.02.2026;1;5;Auftrag;Fracht\nA1;3;K-1;V;01.02.2026;1;5;Auftrag;Verpackung Deluxe\n"


def _not_offered() -> dict[str, bool]:
    return dict(Product.objects.order_by("sku").values_list("sku", "not_offered"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"articles": "1", "not_offered": ["F"]}, {"F": True, "R": False, "V": False}),
        ({"articles": "1"}, {"F": False, "R": False, "V": False}),
        ({}, {"F": True, "R": False, "V": True}),
    ],
)
def test_freight_and_its_like_of_an_order_list_are_confirmed_by_ticks(admin, nord, fields, expected):
    url = upload(admin, HEAD + ORDER + FREIGHT)
    page = admin.get(url).content.decode()
    assert re.findall(r'name="not_offered" value="(\w)"[^>]* checked', page) == ["F", "V"]
    confirm(admin, url, **fields)
    assert _not_offered() == expected


def test_freight_and_its_like_of_an_article_list_are_confirmed_by_ticks(admin, db):
    url = upload(admin, "Artikelnummer;Bezeichnung\nF;Fracht\nV;Verpackung Deluxe\nR;Reiniger\n", "products")
    assert re.findall(r'name="not_offered" value="(\w)"[^>]* checked', admin.get(url).content.decode()) == ["F", "V"]
    confirm(admin, url, articles="1", not_offered=["F"])
    assert _not_offered() == {"F": True, "R": False, "V": False}
    assert "1 neuer Artikel sieht nach Fracht" in admin.get(url).content.decode()


def test_where_the_list_says_it_nobody_is_asked(admin, db):
    url = upload(admin, "Artikelnummer;Bezeichnung;Nicht anbieten\nF;Fracht;ja\n", "products")
    assert 'name="not_offered"' not in admin.get(url).content.decode()


# --- owners ----------------------------------------------------------------------------------------------------------

OWNERS = "Kundennummer;Firma;Betreuer\n1;Müller;Frau Lang\n2;Meier;frau lang\n3;Weiß;Vakant\n4;Lang;bernd\n"


def _owners() -> dict[str, str]:
    rows = Customer.objects.for_system(WHY).order_by("number").values_list("number", "owner__username")
    return {number: name or "" for number, name in rows}


def test_an_unknown_owner_is_chosen_on_the_preview_and_remembered(admin, anna, bernd, customer_list):
    url = upload(admin, OWNERS, "customers")
    page = admin.get(url)
    assert [(one.text, one.is_open) for one, _field in page.context["answers"].owners] == [("Frau Lang", True), ("Vakant", True)]
    assert ImportRun.objects.get().rejected_count == 3
    answer(admin, url, **{"Frau Lang": str(anna.pk), "Vakant": "pool"})
    assert (ImportRun.objects.get().verdict, ImportRun.objects.get().rejected_count) == ("accept", 0)
    assert admin.get(f"{url}errors/").status_code == 404
    confirm(admin, url)
    assert _owners() == {"1": "anna", "2": "anna", "3": "", "4": "bernd"}
    result = customer_list(["Kundennummer", "Firma", "Betreuer"], ["5", "Neu", "FRAU LANG"])
    assert (result.verdict, _owners()["5"]) == ("accept", "anna")


def test_the_preview_says_first_that_owners_are_to_be_named_and_one_choice_serves_all_that_are_left(admin, anna):
    url = upload(admin, OWNERS.replace("bernd", "Niemand"), "customers")
    page = admin.get(url).content.decode()
    assert "4 Zeilen können noch nicht übernommen werden. Sagen Sie unten, wer gemeint ist" in page
    assert "Übernommen werden kann nichts" not in page
    admin.post(f"{url}answer/", {"answer-0": str(anna.pk), "owners-rest": "pool"})
    work()
    page = admin.get(url).content.decode()
    assert "Was zu der Liste geantwortet wurde" in page
    confirm(admin, url)
    assert _owners() == {"1": "anna", "2": "anna", "3": "", "4": ""}


def test_an_owner_that_is_left_open_stays_an_error(admin, anna):
    url = upload(admin, OWNERS.replace("bernd", "anna"), "customers")
    answer(admin, url, **{"Frau Lang": str(anna.pk)})
    assert (ImportRun.objects.get().rejected_count, list(ImportAnswer.objects.values_list("key", flat=True))) == (1, ["fraulang"])


def test_who_was_chosen_and_left_since_is_asked_for_again(admin, anna, db):
    ImportAnswer.objects.create(topic="owner", key="fraulang", said=str(anna.pk))
    User.objects.filter(pk=anna.pk).update(is_active=False)
    url = upload(admin, "Kundennummer;Firma;Betreuer\n1;Müller;Frau Lang\n", "customers")
    assert [(one.said, one.is_open) for one, _field in admin.get(url).context["answers"].owners] == [("", True)]


def test_an_answer_that_was_not_offered_changes_nothing(admin, anna):
    url = upload(admin, OWNERS, "customers")
    admin.post(f"{url}answer/", {"answer-0": "999999"})
    assert (ImportAnswer.objects.count(), ImportRun.objects.get().state) == (0, "staged")


def test_the_owner_in_a_list_of_follow_ups_is_asked_too(admin, anna, nord):
    url = upload(admin, "Kundennummer;Datum;Betreuer\nK-1;01.02.2026;Frau Lang\n", "followups")
    answer(admin, url, **{"Frau Lang": str(anna.pk)})
    confirm(admin, url)
    assert FollowUp.objects.for_system(WHY).get().assignee == anna


# --- similar customers -----------------------------------------------------------------------------------------------

SIMILAR = "Kundennummer;Firma;PLZ;Telefon;Ort\n7;Mueller;01067;0351 4711;Dresden\n8;Anders;01067;0351 4711;Dresden\n9;Weiß;20095;040 123456;Hamburg\n"


@pytest.fixture
def known(db):
    """Two customers who come again under other numbers."""
    factories.make_customer("Müller GmbH", number="1", postcode="01067", phone="0351 4711")
    factories.make_customer("Weiß", number="2", postcode="20095", phone="040 123456")


def _customers() -> list[tuple[str, str, str]]:
    return sorted(Customer.objects.for_system(WHY).values_list("number", "name", "town"))


def test_similar_customers_are_new_unless_somebody_says_otherwise(admin, known):
    url = upload(admin, SIMILAR, "customers")
    asked = [(one.row, one.text, one.other, one.said, one.is_open) for one, _field in admin.get(url).context["answers"].similar]
    assert asked == [(2, "7 Mueller", "1 Müller GmbH", "new", True), (4, "9 Weiß", "2 Weiß", "new", True)]
    confirm(admin, url)
    assert [number for number, _name, _town in _customers()] == ["1", "2", "7", "8", "9"]


def test_a_similar_customer_is_updated_or_left_out_row_by_row(admin, known, customer_list):
    url = upload(admin, SIMILAR, "customers")
    answer(admin, url, **{"7 Mueller": "update", "9 Weiß": "skip"})
    page = admin.get(url)
    assert [row.title for row in page.context["page"].rows] == ["1 Mueller"]
    assert "1 Zeile wurde weggelassen, wie es zu einem ähnlichen Kunden geantwortet wurde." in page.content.decode()
    assert [(field.value(), one.is_open) for one, field in page.context["answers"].similar] == [("update", False), ("skip", False)]
    confirm(admin, url)
    assert _customers() == [("1", "Mueller", "Dresden"), ("2", "Weiß", ""), ("8", "Anders", "Dresden")]
    head, *rows = [line.split(";") for line in SIMILAR.splitlines()]
    again = customer_list(head, *rows, ["10", "Neu", "", "", ""])
    assert (again.created, again.updated, again.unchanged) == (1, 0, 2)


def test_one_choice_for_all_similar_customers(admin, known):
    url = upload(admin, SIMILAR, "customers")
    admin.post(f"{url}answer/", {"answer-0": "new", "answer-1": "new", "similar-all": "update"})
    work()
    confirm(admin, url)
    assert _customers() == [("1", "Mueller", "Dresden"), ("2", "Weiß", "Hamburg"), ("8", "Anders", "Dresden")]


def test_a_similar_customer_who_is_said_to_be_new_is_no_warning_any_more(admin, known):
    url = upload(admin, SIMILAR, "customers")
    answer(admin, url)
    assert (ImportRun.objects.get().verdict, ImportRun.objects.get().created_count) == ("accept", 3)


def test_two_rows_that_now_mean_one_customer_contradict_each_other(admin, known):
    url = upload(admin, SIMILAR + "1;Müller GmbH;01067;0351 4711;Köln\n", "customers")
    answer(admin, url, **{"7 Mueller": "update"})
    assert (ImportRun.objects.get().verdict, ImportRun.objects.get().rejected_count) == ("reject", 2)
