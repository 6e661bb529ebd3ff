"""What all operations answer alike."""

from ninja import Schema


class ParameterError(Schema):
    parameter: str
    message: str


class Problem(Schema):
    """A refusal, after RFC 9457. `detail` is a sentence in the language of whoever asks."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ParameterError] = []


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """What an operation may refuse with: these statuses, and those of every address that asks for a sign-in and a right."""
    return dict.fromkeys((401, 403, *statuses), Problem)
