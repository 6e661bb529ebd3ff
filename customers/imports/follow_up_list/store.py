"""Follow-ups from a list: each row once, however often the list comes; one that is known is never changed again."""

from collections.abc import Iterable

from django.db import models

from accounts.models import User
from customers.imports import sql
from customers.imports.answers import Question
from customers.imports.follow_up_list import sql as own_sql
from customers.imports.follow_up_list.columns import follow_up_columns
from customers.imports.follow_up_list.owners import Owners, OwnName
from customers.imports.owners import OwnerNames
from customers.imports.store import RunFacts, TableList, TableStore
from customers.models import FollowUp


class FollowUpStore(TableStore):
    model = FollowUp
    key = ("origin",)
    match = "target.origin = one.origin"
    shown = "origin"
    version = "NULL"
    # Where it went from here is a person's business: it was moved, done, or given to somebody else.
    born_with = ("customer_id", "note", "due_on", "origin", "assignee_id")

    def find_bad(self) -> None:
        sql.find_doubles(self.key, "note" if "note" in self.facts.fields else "origin", self.facts.fields)

    def write(self, run_id: int) -> Iterable[int]:
        if self.facts.by_id:
            own_sql.assign_to(self.facts.by_id)
        self.write_rows(run_id)
        return own_sql.customer_ids()


class FollowUpList(TableList):
    model: type[models.Model] = FollowUp
    named_by = ("note",)

    def __init__(self, person: User | None = None) -> None:
        """With a person the list is his own: all rows come back to him, and those of others are errors."""
        self._names = OwnName(person) if person else OwnerNames()
        self.columns = follow_up_columns(Owners(), self._names, person)

    def questions(self) -> list[Question]:
        return self._names.questions()

    def store(self, facts: RunFacts) -> FollowUpStore:
        return FollowUpStore(facts)
