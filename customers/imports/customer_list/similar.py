"""New numbers that look like a customer who is known under another one: asked for, and taken as somebody answered."""

from collections.abc import Collection

from customers.duplicates.rules import is_same_name
from customers.imports import answers
from customers.imports.answers import NEW, Question, Topic
from customers.imports.customer_list import sql
from customers.imports.messages import MESSAGES_MOST


class Similar:
    """Knows of one run which of its rows may be somebody else; without an answer they are new."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def apply(self) -> int:
        """Give rows the number of the customer whom somebody said they mean, and leave out those he wanted left out; how many of these."""
        known = answers.known(Topic.SIMILAR)
        if not known.keys() - {NEW}:
            return 0
        self.questions += [
            Question(Topic.SIMILAR, key, f"{number} {name}", said, is_open=False, row=row, other=_called(other), target=str(target or ""))
            for row, key, number, name, said, target, *other in sql.answered_similar(MESSAGES_MOST)
        ]
        sql.name_similar()
        return sql.skip_similar()

    def find(self, fields: Collection[str]) -> list[tuple[int, str, str]]:
        """Row, number, and the similar customer's number, of rows that are planned as new unless somebody said so; all are asked."""
        news = {key for key, said in answers.known(Topic.SIMILAR).items() if said == NEW}
        found = {one[0]: one for one in sql.similar(fields) if is_same_name(one[3], one[6])}
        self.questions += [
            Question(Topic.SIMILAR, key, f"{number} {name}", NEW, key not in news, row, _called(other), str(target))
            for row, key, number, name, target, *other in list(found.values())[:MESSAGES_MOST]
        ]
        return [(row, number, other) for row, key, number, _name, _id, other, _other in found.values() if key not in news][:MESSAGES_MOST]


def _called(number_and_name: Collection[str | None]) -> str:
    return " ".join(part for part in number_and_name if part)
