"""Files that people lay in: what is taken, and under which name it is shown."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from innendienst.base import files

pytestmark = pytest.mark.rules

PDF, PNG, JPEG = b"%PDF-1.7 \n", b"\x89PNG\r\n\x1a\n ", b"\xff\xd8\xff\xe0"


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")])
def test_the_type_comes_from_the_content_whatever_the_browser_says(content, kind):
    file = SimpleUploadedFile("angebot.exe", content, content_type="text/html")
    assert files.check(file) == kind
    assert file.read() == content


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"<html>", "kind"), (b"MZ", "kind"), (b" %PDF-1.7", "kind")])
def test_what_is_empty_or_of_another_kind_is_refused(content, code):
    with pytest.raises(files.FileRefused) as refused:
        files.check(SimpleUploadedFile("angebot.pdf", content, content_type="application/pdf"))
    assert refused.value.code == code


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_the_largest_file_is_taken_and_a_larger_one_refused(monkeypatch, more, is_taken):
    monkeypatch.setattr(files, "SIZE_MOST_MB", 1)
    file = SimpleUploadedFile("angebot.pdf", PDF.ljust(files.MEGABYTE + more))
    if is_taken:
        assert files.check(file) == "application/pdf"
        return
    with pytest.raises(files.FileRefused) as refused:
        files.check(file)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Angebot 17.pdf", "Angebot 17.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Angebote\\Müller.pdf", "Müller.pdf"),
        ("harmlos\u202efdp.exe", "harmlosfdp.exe"),
        ("zwei\nZeilen\0.pdf", "zweiZeilen.pdf"),
        ("", "file"),
        ("\u200b", "file"),
        ("ordner/", "file"),
        ("x" * 200 + ".pdf", "x" * 108 + ".pdf"),
        ("ab" * 100, "ab" * 60),
    ],
)
def test_a_name_is_shown_without_folders_and_signs_nobody_sees(given, shown):
    assert files.printable_name(given) == shown
