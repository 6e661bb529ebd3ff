"""Rows of raw cells become rows of stored values, batch by batch and column by column.

A list repeats itself: the same days, articles and prices come again and again. Each column remembers what its cells meant,
so most cells cost one look into a dictionary, which is what makes half a million lines a matter of seconds.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice, repeat, zip_longest

from customers.imports.amounts import NumberColumn
from customers.imports.cells import CellError, Noted, shown
from customers.imports.columns import Column, Derived, LeftOut, ListColumns, Look
from customers.imports.days import DayColumn
from customers.imports.headings import Header
from customers.imports.messages import Level, Message, Talk, note
from customers.imports.reading import Sheet

BATCH = 5_000
SAMPLES = 3
_REMEMBERED_MOST = 20_000

Problems = defaultdict[int, list[Message]]
"""Messages of a batch by the place of their row in it."""


class _Memory(dict):
    """What each raw cell of a column means: value, Noted, or the CellError it raised."""

    def __init__(self, find: Callable[[object], object], *, needs_value: bool = False) -> None:
        super().__init__()
        self.find = find
        self.needs_value = needs_value
        self.has_remarks = False

    def __missing__(self, raw: object) -> object:
        try:
            meaning = self.find(raw)
            if self.needs_value and (meaning is None or meaning == ""):
                raise CellError("missing")
        except CellError as error:
            meaning = error.with_traceback(None)  # which would keep the frame alive, and it the error
        self.has_remarks = self.has_remarks or isinstance(meaning, CellError | Noted)
        if len(self) >= _REMEMBERED_MOST:
            self.clear()
        self[raw] = meaning
        return meaning


class Parser:
    """Reads the rows below the header. `fields` are those of the result, in order; what is wrong goes to `talk`.

    Counted are the rows `read_count` with anything in them, those `rejected_count` with errors, and by code those `left_out`.
    `faults` are the rows with errors and what is wrong with them, until somebody takes them away, `samples` the first rows without.
    """

    def __init__(self, sheet: Sheet, header: Header, known: ListColumns, today: dt.date, talk: Talk) -> None:
        self.read_count = self.rejected_count = 0
        self.left_out: Counter[str] = Counter()
        self.broken: dict[str, int] = {}
        self.faults: list[tuple[int, list[Message]]] = []
        self.samples: list[Sequence[object]] = []
        self._sheet, self._header, self._known, self._talk = sheet, header, known, talk
        present = [one for one in known.columns if one.field in header.places]
        self._columns = [(one.field, header.places[one.field], self._memory(one, today)) for one in present]
        self._watched = [(one.watch, header.places[one.field]) for one in present if one.watch]
        derived = [one for one in known.derived if one.sources[0] in header.places]
        self._derived = [(one, _Memory(_of_known(one))) for one in derived]
        found = dict.fromkeys(one.field for one in [*present, *derived])
        self.fields = [field for field in found if field not in known.passing]

    def batches(self) -> Iterator[Iterable[tuple]]:
        """Row number and values of each row that can be taken, some thousand rows at a time."""
        rows = self._data()
        while batch := list(islice(rows, BATCH)):
            if filled := [numbered for numbered in batch if any(numbered[1])]:
                self.read_count += len(filled)
                yield self._clean(filled)

    def _memory(self, one: Column, today: dt.date) -> _Memory:
        index = self._header.places[one.field]
        look = Look(today, self._sheet.is_1904, lambda: (row[index] for _number, row in self._data() if len(row) > index))
        return _Memory(one.maker(look), needs_value=one.needs_value)

    def _data(self) -> Iterator[tuple[int, Sequence[object]]]:
        return islice(self._sheet.rows(), self._header.row, None)

    def _clean(self, batch: list[tuple[int, Sequence[object]]]) -> Iterable[tuple]:
        numbers, rows = zip(*batch, strict=True)
        problems: Problems = defaultdict(list)
        columns = self._columns_of(numbers, rows, problems)
        for watch, index in self._watched:
            watch(columns[index])
        values: dict[str, list] = {}
        for field, index, memory in self._columns:
            values[field] = self._meant(memory, columns[index], numbers, field, problems)
        for one, memory in self._derived:
            sources = zip(*(values.get(source, repeat(None)) for source in one.sources), strict=False)
            values[one.field] = self._meant(memory, sources, numbers, one.sources[0], problems)
        kept = self._kept(numbers, rows, values, problems)
        if len(self.samples) < SAMPLES:
            self.samples += islice(rows if kept is None else compress(rows, kept), SAMPLES - len(self.samples))
        cleaned = zip(numbers, *(values[field] for field in self.fields), strict=True)
        return cleaned if kept is None else compress(cleaned, kept)

    def _columns_of(self, numbers: Sequence[int], rows: Sequence[Sequence[object]], problems: Problems) -> list[tuple]:
        """The batch turned on its side, as wide as the header; cells beyond it are problems."""
        width = len(self._header.texts)
        columns = list(zip_longest(*rows, fillvalue=""))
        for surplus in columns[width:]:
            for index, cell in enumerate(surplus):
                if cell != "" and index not in problems:
                    problems[index].append(Message("too_many_cells", row=numbers[index], params={"value": shown(cell)}))
        blank = ("",) * len(rows)
        return columns[:width] + [blank] * (width - len(columns))

    def _meant(self, memory: _Memory, raw: Iterable, numbers: Sequence[int], field: str, problems: Problems) -> list:
        found = list(map(memory.__getitem__, raw))
        if memory.has_remarks:
            heading = self._header.heading(field)
            for index, meaning in enumerate(found):
                if isinstance(meaning, CellError):
                    found[index] = None
                    problems[index].append(Message(meaning.code, row=numbers[index], column=heading, params=meaning.params))
                elif isinstance(meaning, Noted):
                    found[index] = meaning.value
                    problems[index].append(note(meaning.code, row=numbers[index], column=heading, **meaning.params))
        return found

    def _kept(
        self, numbers: Sequence[int], rows: Sequence[Sequence[object]], values: dict[str, list], problems: Problems
    ) -> list[bool] | None:
        """Which rows of the batch are taken; None for all of them."""
        kept = [True] * len(rows)
        for one in self._known.left_out:
            if one.field in values and one.value in values[one.field]:
                self._leave_out(one, values[one.field], kept)
        wholes = values.get(self._known.whole_by)
        for index in sorted(problems):
            if kept[index] and not self._tell(numbers[index], rows[index], problems[index]):
                kept[index] = False
                if wholes and wholes[index]:
                    self.broken.setdefault(wholes[index], problems[index][0].row or 0)
        return None if all(kept) else kept

    def _leave_out(self, one: LeftOut, found: Sequence[object], kept: list[bool]) -> None:
        for index, value in enumerate(found):
            if kept[index] and value == one.value:
                kept[index] = False
                self.left_out[one.code] += 1

    def styles(self) -> dict[str, list[str]]:
        """Field → how its column writes numbers or days, for the columns that show it."""
        finders = {field: memory.find for field, _index, memory in self._columns}
        return {field: find.styles for field, find in finders.items() if isinstance(find, NumberColumn | DayColumn)}

    def _tell(self, number: int, row: Sequence[object], messages: list[Message]) -> bool:
        """Say what is wrong with a row; whether it is taken all the same."""
        errors = [message for message in messages if message.level == Level.ERROR]
        if not errors:
            self._talk.add(*messages)
            return True
        if any(not isinstance(cell, str) or cell.strip() for cell in row):  # a row of blanks is no row
            self.rejected_count += 1
            self.faults.append((number, errors))
            self._talk.add(*errors)
        return False


def _of_known(one: Derived) -> Callable[[tuple], object]:
    """A value follows from its first source; from none (or one that could not be read) follows none."""
    return lambda sources: None if sources[0] is None else one.find(*sources)
