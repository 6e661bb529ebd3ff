"""What can be said about a file while it is opened, and a cell without a value."""

from dataclasses import dataclass, field
from enum import Enum, StrEnum


class Flaw(Enum):
    """A cell of a workbook whose value is not there: what it shows is an error, or a formula nobody calculated."""

    ERROR_VALUE = "error_value"
    FORMULA_WITHOUT_VALUE = "formula_without_value"


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Remark:
    """Something worth saying about how a file was read; `code` and `params` choose the sentence (messages.py)."""

    code: str
    level: Level = Level.NOTE
    params: dict[str, object] = field(default_factory=dict)


class Unreadable(Exception):
    """The file cannot be taken as a list; `code` and `params` choose the sentence."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Said:
    """What the child answers; with a code it is that the file cannot be read, with `trace` because of an error nobody foresaw."""

    value: object = None
    code: str = ""
    params: dict[str, object] = field(default_factory=dict)
    trace: str = ""


def note(code: str, /, **params: object) -> Remark:
    return Remark(code, Level.NOTE, params)


def warning(code: str, /, **params: object) -> Remark:
    return Remark(code, Level.WARNING, params)


def column_letters(number: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
