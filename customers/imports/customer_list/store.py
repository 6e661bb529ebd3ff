"""Customers from a list: found again by their number, with a first contact and a block where the list says so."""

from collections.abc import Iterable

from django.db import models

from customers import search_tokens
from customers.imports import answers, sql
from customers.imports.answers import Question, Topic
from customers.imports.before.made import note_made
from customers.imports.customer_list import sql as own_sql
from customers.imports.customer_list.columns import customer_columns
from customers.imports.customer_list.similar import Similar
from customers.imports.messages import note, warning
from customers.imports.owners import OwnerNames
from customers.imports.store import Counts, RunFacts, TableList, TableStore, defaults
from customers.models import Contact, ContactBlock, Customer, CustomerFacts, ImportRun
from customers.same_reach.erased import block_returning
from customers.same_reach.switchboards import neighbours


class CustomerStore(TableStore):
    model = Customer
    key = ("number_key",)
    match = "target.number_key = one.number_key"
    shown = "number"
    helpers = {
        "is_blocked": models.BooleanField(),
        "first_name": Contact._meta.get_field("first_name"),
        "last_name": Contact._meta.get_field("last_name"),
        "contact_key": Contact._meta.get_field("match_key"),
    }

    def __init__(self, facts: RunFacts, similar: Similar) -> None:
        super().__init__(facts)
        self._similar = similar

    def find_bad(self) -> None:
        """What was answered about similar customers comes first: two rows may now mean the same one."""
        if skipped_count := self._similar.apply():
            self.notes.append(note("similar_skipped", count=skipped_count))
        super().find_bad()

    def plan(self) -> Counts:
        if "owner_id" in self.facts.fields and (kept_count := own_sql.keep_owners()):
            self.notes.append(note("owners_kept", count=kept_count))
        counts = super().plan()
        for row, number, other in self._similar.find(self.facts.fields):
            self.notes.append(warning("similar_customer", row=row, column=self.facts.headings["number"], value=number, other=other))
        return counts

    def link(self) -> None:
        if "is_blocked" in self.facts.fields:
            own_sql.link_blocks()
        if "contact_key" in self.facts.fields:
            own_sql.link_people(has_first_name="first_name" in self.facts.fields)

    def write(self, run_id: int) -> Iterable[int]:
        left = neighbours(own_sql.renumbered()) if "phone_e164" in self.facts.fields else ()
        self.write_rows(run_id)
        own_sql.add_facts(defaults(CustomerFacts, without={"customer_id"}))
        if "is_blocked" in self.facts.fields:
            self._block(run_id)
        if "contact_key" in self.facts.fields:
            given = {"customer_id", "last_name", "first_name", "match_key"}
            made = own_sql.add_people(defaults(Contact, without=given), has_first_name="first_name" in self.facts.fields)
            note_made(run_id, Contact, made)
            sql.count_anew(Contact._meta.db_table, len(made))
        new_ids, concerned = sql.made_ids(), [*sql.written_ids(), *own_sql.survivors()]
        self._note_blocks(run_id, [block.pk for block in block_returning(concerned)])
        search_tokens.write_first(new_ids)
        search_tokens.refresh(set(concerned) - set(new_ids))
        return [*concerned, *left, *(own_sql.declare(run_id) if self.facts.is_declared else ())]

    def _block(self, run_id: int) -> None:
        said = {"reason": self.facts.file_name[:200], "set_on": self.facts.today, "set_by_id": self.facts.by_id}
        self._note_blocks(run_id, own_sql.add_blocks(defaults(ContactBlock, without={"customer_id", *said}) | said))

    def _note_blocks(self, run_id: int, made: list[int]) -> None:
        note_made(run_id, ContactBlock, made)
        if made:
            self.notes.append(note("blocks_set", count=len(made)))


class CustomerList(TableList):
    model = Customer
    named_by = ("number", "name")

    def __init__(self) -> None:
        self._owners, self._similar = OwnerNames(), Similar()
        self.columns = customer_columns(self._owners)

    def questions(self) -> list[Question]:
        return [*self._owners.questions(), *self._similar.questions]

    def store(self, facts: RunFacts) -> CustomerStore:
        return CustomerStore(facts, self._similar)

    def is_untouched(self, run: ImportRun) -> bool:
        """A block that was lifted afterwards is set again by the list, so it counts as a change."""
        lifted = ContactBlock.objects.for_system("an import compares").filter(lifted_at__gt=run.finished_at)
        is_answered_anew = answers.changed_since(run.finished_at, Topic.OWNER, Topic.SIMILAR)
        return super().is_untouched(run) and not lifted.exists() and not is_answered_anew
