"""A file becomes a sheet: rows of raw cells with the numbers under which Excel shows them. Its content decides what it is."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from customers.imports.files import delimited, workbook
from customers.imports.files.basics import Remark, Unreadable

_HEAD_BYTES = 4096
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


class OpenSheet(Protocol):
    """`is_1904` is how a workbook of an old Mac counts days."""

    is_1904: bool

    def rows(self) -> Iterator[Sequence[object]]:
        """The cells of each row, from the first row on, blank rows included; may be asked for again."""

    def notes(self, header_row: int) -> Iterable[Remark]:
        """What is worth saying about how the file was read."""

    def about(self) -> dict[str, str]:
        """What was found about the file: `encoding` and `delimiter`, or the `sheet`."""


def open_sheets(path: Path) -> Sequence[OpenSheet]:
    """The tables in the file, at least one. Raises Unreadable for what is no list, and for what must not be opened."""
    head = demand_list(path)
    return workbook.open_workbook(path) if head.startswith(b"PK") else [delimited.open_delimited(path)]


def demand_list(path: Path) -> bytes:
    """The first bytes of the file; raises Unreadable when they show that no list can come of it."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise Unreadable("empty")
    if head.startswith(_OLE):
        raise Unreadable("encrypted" if _ENCRYPTED in path.read_bytes() else "old_excel")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        raise Unreadable("html")
    if start.startswith(b"<") or head.startswith(_FOREIGN):
        raise Unreadable("not_a_list")
    return head
