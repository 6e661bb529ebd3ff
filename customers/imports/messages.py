"""What is said about a list: code and parameters while it is read and stored, a sentence when somebody looks.

Errors keep a row out, and in a strict run the whole list. Warnings and notes do not; a warning is worth a look before going
on. A sentence says where, what, and what can be done (wording guide, "Model error messages").
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _, ngettext

from customers.imports.files.basics import Level
from customers.imports.sentences import FILE, NOTES, ROWS
from innendienst.lib import display

MESSAGES_MOST = 500
NOTES_PER_CODE_MOST = 20
ROWS_NAMED_MOST = 8


@dataclass(frozen=True)
class Message:
    """`row` as Excel counts, None for the file as a whole; `column` is the heading as the file has it, "" for the whole row."""

    code: str
    level: Level = Level.ERROR
    row: int | None = None
    column: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is the matter, in the active language; a table says elsewhere where."""
        return _filled(ROWS.get(self.code) or FILE.get(self.code) or NOTES[self.code], self.params)

    @property
    def text(self) -> str:
        """Place, sentence and outcome, for whoever reads this line alone."""
        if self.code not in ROWS:
            return self.sentence
        return " ".join(filter(None, [f"{self._place()}: {self.sentence}", self._outcome()]))

    def _place(self) -> str:
        place = {"row": self.row, "column": self.column}
        return _("Row %(row)s, column “%(column)s”") % place if self.column else _("Row %(row)s") % place

    def _outcome(self) -> str:
        return _("The row was not imported.") if self.level == Level.ERROR else ""


def note(code: str, /, *, row: int | None = None, column: str = "", **params: object) -> Message:
    return Message(code, Level.NOTE, row, column, params)


def warning(code: str, /, *, row: int | None = None, column: str = "", **params: object) -> Message:
    return Message(code, Level.WARNING, row, column, params)


class Refused(Exception):
    """The whole file cannot be taken; nothing was written."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.message = Message(code, params=params)


class Talk:
    """Collects messages up to a limit and counts the rest, so that a list of a million bad rows needs no more memory."""

    def __init__(self) -> None:
        self.kept: list[Message] = []
        self.levels: Counter[Level] = Counter()
        self._codes: Counter[str] = Counter()
        self._left_out = 0

    def add(self, *messages: Message) -> None:
        for message in messages:
            self.levels[message.level] += 1
            self._codes[message.code] += 1
            is_flood = message.level == Level.NOTE and self._codes[message.code] > NOTES_PER_CODE_MOST
            if is_flood or len(self.kept) >= MESSAGES_MOST:
                self._left_out += 1
            else:
                self.kept.append(message)

    def stored(self) -> list[dict]:
        """As kept with the run."""
        return stored(self.messages)

    @property
    def messages(self) -> list[Message]:
        """In the order of the rows, what concerns the whole file first, and a line about those left out."""
        ordered = sorted(self.kept, key=lambda message: message.row or 0)
        return [*ordered, note("more", count=self._left_out)] if self._left_out else ordered


@dataclass(frozen=True)
class Said:
    """A message and the rows of which it is said."""

    message: Message
    rows: Sequence[int]

    @property
    def place(self) -> str:
        """The row as a text, of many rows how many they are and the first ones."""
        if len(self.rows) < 2:
            return "".join(map(str, self.rows))
        first = ", ".join(map(str, self.rows[:ROWS_NAMED_MOST])) + (" …" if len(self.rows) > ROWS_NAMED_MOST else "")
        text = ngettext("in %(count)s row: %(first)s", "in %(count)s rows: %(first)s", len(self.rows))
        return text % {"count": display.number(len(self.rows)), "first": first}


def gathered(messages: Iterable[Message]) -> list[Said]:
    """Equal messages once, each with its rows, in the order in which they came."""
    rows: dict[tuple, tuple[Message, list[int]]] = {}
    for one in messages:
        same = rows.setdefault((one.level, one.column, one.sentence), (one, []))
        same[1].extend([] if one.row is None else [one.row])
    return [Said(message, numbers) for message, numbers in rows.values()]


def stored(messages: Iterable[Message]) -> list[dict]:
    """As kept with the run and with its rows."""
    return [asdict(message) for message in messages]


def restored(rows: Iterable[Mapping]) -> list[Message]:
    """The messages of a kept run. A code that this version no longer knows is left out."""
    known = ROWS.keys() | FILE.keys() | NOTES.keys()
    return [Message(**{**row, "level": Level(row["level"])}) for row in rows if row["code"] in known]


def _filled(sentence: str, params: Mapping[str, object]) -> str:
    return sentence % {**{name: _written(value) for name, value in params.items()}, "number": params.get("count", 0)}


def _written(value: object) -> str:
    if isinstance(value, int):
        return display.number(value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
