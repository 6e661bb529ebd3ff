"""Rows with errors on their way to the error file: collected in a temporary table while the list is read."""

import json
from collections.abc import Iterable
from itertools import islice

from customers.imports.messages import Message, stored
from innendienst.lib.bulk import copy_rows

FAULTS_MOST = 100_000
"""More rows with errors than that are no list with errors but a wrong list: they are counted."""

Fault = tuple[int, list[Message]]


class Faults:
    """Takes rows with errors up to a limit."""

    def __init__(self) -> None:
        self._room = FAULTS_MOST

    def add(self, faults: Iterable[Fault]) -> None:
        lines = [(row, json.dumps(stored(messages))) for row, messages in islice(faults, self._room)]
        self._room -= len(lines)
        if lines:
            copy_rows("import_faults", ["file_row", "messages"], lines)
