"""The command import_list: one JSON object, exit codes, German sentences."""

import json

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer, ImportRun
from innendienst.base.models import AuditEvent
from tests.customers.imports.lists import write_csv

WHY = "test"


@pytest.fixture
def good(db, tmp_path):
    return write_csv(tmp_path / "kunden.csv", ["Kundennummer", "Firma", "Farbe"], ["1", "Müller", "rot"])


@pytest.fixture
def bad(db, tmp_path):
    return write_csv(tmp_path / "schlecht.csv", ["Kundennummer", "Firma", "PLZ"], ["1", "Müller", "ABCDE"], ["2", "Meier", "01067"])


def _said(capsys, *arguments) -> tuple[int, dict]:
    """Exit code and the one JSON object on standard output."""
    code = 0
    try:
        call_command("import_list", *map(str, arguments), "--json")
    except SystemExit as exit_:
        code = exit_.code
    return code, json.loads(capsys.readouterr().out)


def test_json_says_what_was_done(good, capsys):
    code, said = _said(capsys, "customers", good)
    run = ImportRun.objects.get()
    assert code == 0
    assert isinstance(said.pop("seconds"), float)
    assert said == {
        "verdict": "warn", "id": run.pk, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0,
        "messages": [{"row": None, "column": "", "level": "warning", "text": "Diese Spalten sind hier nicht bekannt und wurden weggelassen: Farbe."}],
    }  # fmt: skip


def test_a_run_is_kept_with_its_counts_hash_and_an_audit_event(good, capsys):
    import hashlib

    _said(capsys, "customers", good)
    run = ImportRun.objects.get()
    assert (run.state, run.kind, run.file_name, run.created_count, run.by) == ("done", "customers", "kunden.csv", 1, None)
    assert run.sha256 == hashlib.sha256(good.read_bytes()).hexdigest()
    event = AuditEvent.objects.get(act="import.take_over")
    assert event.facts == {
        "run": run.pk,
        "list": "customers",
        "sha256": run.sha256,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "declared": False,
    }


def test_a_rejected_list_ends_with_1_and_is_kept_for_somebody_to_look_at(bad, capsys):
    code, said = _said(capsys, "customers", bad)
    assert (code, said["verdict"], said["rejected"], said["created"]) == (1, "reject", 1, 0)
    assert (ImportRun.objects.get().state, Customer.objects.for_system(WHY).count()) == ("staged", 0)
    assert said["messages"][1] == {
        "row": 2, "column": "PLZ", "level": "error",
        "text": "Zeile 2, Spalte „PLZ“: „ABCDE“ ist keine Postleitzahl (erwartet: 5 Ziffern). Die Zeile wurde nicht übernommen.",
    }  # fmt: skip


def test_lenient_takes_the_rest(bad, capsys):
    code, said = _said(capsys, "customers", bad, "--lenient")
    assert (code, said["verdict"], said["created"], said["rejected"]) == (0, "warn", 1, 1)


def test_a_preview_leaves_no_trace(good, capsys):
    code, said = _said(capsys, "customers", good, "--preview")
    assert (code, said["verdict"], said["id"], said["created"]) == (0, "warn", None, 1)
    assert not ImportRun.objects.exists()
    assert not AuditEvent.objects.exists()
    assert not Customer.objects.for_system(WHY).exists()


def test_a_missing_column_is_answered_as_the_wording_guide_has_it(db, tmp_path, capsys):
    path = write_csv(tmp_path / "a.csv", ["Firma", "PLZ", "Ort", "Telefon"], ["Müller", "01067", "Dresden", "1"])
    code, said = _said(capsys, "customers", path)
    assert (code, said["messages"][0]["text"]) == (
        1,
        "In der Datei fehlt die Spalte „Kundennummer“. Gefunden: Firma, PLZ, Ort, Telefon. "
        "Ordnen Sie unten eine Spalte zu oder ergänzen Sie die Datei. Es wurde nichts übernommen.",
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer. Exportieren Sie die Liste neu. Es wurde nichts übernommen."),
        (b"Kundennummer;Firma\n", "Die Datei enthält keine Zeilen, nur die Kopfzeile. Es wurde nichts übernommen."),
        (
            b"PK\x03\x04garbage",
            "Die Datei ist beschädigt oder unvollständig und nicht lesbar. Exportieren Sie sie neu. Es wurde nichts übernommen.",
        ),
    ],
)
def test_what_is_no_list_is_answered_in_one_sentence(db, tmp_path, capsys, content, sentence):
    (path := tmp_path / "a.csv").write_bytes(content)
    code, said = _said(capsys, "customers", path)
    assert (code, [message["text"] for message in said["messages"]]) == (1, [sentence])


def test_plain_output_is_for_people(bad, capsys):
    call_command("import_list", "customers", str(bad), "--lenient")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Zeile 2, Spalte „PLZ“")
    assert lines[1].startswith("1 neu, 0 geändert, 0 unverändert, 1 fehlerhaft; ")


def test_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="gibt es nicht"):
        call_command("import_list", "customers", str(tmp_path / "fehlt.csv"))


def test_thousands_of_bad_rows_are_counted_and_the_first_ones_told(db, tmp_path, capsys):
    path = write_csv(tmp_path / "a.csv", ["Kundennummer", "Firma", "PLZ"], *([str(index), "x", "ABCDE"] for index in range(1200)))
    _code, said = _said(capsys, "customers", path)
    assert (said["rejected"], len(said["messages"])) == (1200, 501)
    assert said["messages"][-1]["text"] == "701 weitere Meldungen sind nicht aufgeführt."
