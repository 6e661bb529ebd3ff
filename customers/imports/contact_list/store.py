"""Contacts from a list: found again within their customer by e-mail, else by name. Consents and blocks are only ever added."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import models
from django.utils import timezone

from customers import search_tokens
from customers.imports.before.made import note_made
from customers.imports.contact_list import sql as own_sql
from customers.imports.contact_list.columns import COLUMNS
from customers.imports.messages import note
from customers.imports.store import Counts, RunFacts, TableList, TableStore
from customers.models import Consent, Contact, ContactBlock, ImportRun
from customers.models.permissions import Channel
from customers.same_reach.copies import carry_over
from customers.same_reach.newcomers import block_newcomers
from customers.signals import people_blocked
from innendienst.lib.dates import instant

_BATCH = 1_000
_NOON = dt.time(12)
_LEGAL = models.CharField(max_length=300)


class ContactStore(TableStore):
    model = Contact
    key = ("customer_id", "match_key")
    match = "target.id = one.target_id"
    new_match = "target.customer_id = one.customer_id AND target.match_key = one.match_key"
    shown = "last_name"
    helpers = {
        "name_key": Contact._meta.get_field("match_key"),
        "phone_legal": _LEGAL, "phone_basis": _LEGAL, "phone_granted_on": models.DateField(),
        "email_legal": _LEGAL, "email_basis": _LEGAL, "email_granted_on": models.DateField(),
    }  # fmt: skip

    def __init__(self, facts: RunFacts) -> None:
        # Without an e-mail in the list a key made from the name must not replace that of a known address.
        self.born_with = () if "email" in facts.fields else ("match_key",)
        super().__init__(facts)

    @property
    def channels(self) -> list[str]:
        return [channel for channel in (Channel.PHONE.value, Channel.EMAIL.value) if f"{channel}_basis" in self.facts.fields]

    def types(self) -> dict[str, str]:
        return {**super().types(), "target_id": "bigint"}

    def plan(self) -> Counts:
        own_sql.find_people(has_email="email" in self.facts.fields, has_first_name="first_name" in self.facts.fields)
        return super().plan()

    def link(self) -> None:
        for channel in self.channels:
            own_sql.link_basis(channel)

    def write(self, run_id: int) -> Iterable[int]:
        self.write_rows(run_id)
        elsewhere: list[ContactBlock] = []
        for channel in self.channels:
            consents = Consent.objects.bulk_create(self._consents(channel), batch_size=_BATCH)
            blocks = ContactBlock.objects.bulk_create(self._objections(channel), batch_size=_BATCH)
            note_made(run_id, Consent, [one.pk for one in consents])
            self._note_blocks(run_id, blocks)
            elsewhere += self._note_blocks(run_id, carry_over(blocks))
            people_blocked.send(sender=ContactBlock, contact_ids=[one.contact_id for one in blocks])
        concerned = own_sql.customer_ids()
        self._note_blocks(run_id, block_newcomers(concerned))
        search_tokens.refresh(concerned)
        return {*concerned, *(block.customer_id for block in elsewhere)}

    def _note_blocks(self, run_id: int, blocks: list[ContactBlock]) -> list[ContactBlock]:
        note_made(run_id, ContactBlock, [one.pk for one in blocks])
        if blocks:
            self.notes.append(note("blocks_set", count=len(blocks)))
        return blocks

    def _consents(self, channel: str) -> Iterator[Consent]:
        now = timezone.now()
        for contact, customer, text, day in own_sql.new_consents(channel):
            yield Consent(
                contact_id=contact, customer_id=customer, channel=channel, text_version="import", recorded_by_id=self.facts.by_id,
                proof=f"{self.facts.file_name}: {text}"[:300], granted_at=instant(_as_date(day), _NOON) if day else now,
            )  # fmt: skip

    def _objections(self, channel: str) -> Iterator[ContactBlock]:
        for contact, customer, text, day in own_sql.new_objections(channel):
            yield ContactBlock(
                contact_id=contact, customer_id=customer, channel=channel, kind=ContactBlock.Kind.OBJECTION, reason=text[:200],
                set_on=_as_date(day) if day else self.facts.today, set_by_id=self.facts.by_id,
            )  # fmt: skip


class ContactList(TableList):
    model = Contact
    named_by = ("first_name", "last_name")
    columns = COLUMNS

    def store(self, facts: RunFacts) -> ContactStore:
        return ContactStore(facts)

    def is_untouched(self, run: ImportRun) -> bool:
        """A block that was lifted afterwards is set again by the list, so it counts as a change."""
        lifted = ContactBlock.objects.for_system("an import compares").filter(lifted_at__gt=run.finished_at)
        return super().is_untouched(run) and not lifted.exists()


def _as_date(day: dt.date | str) -> dt.date:
    """SQLite hands back text."""
    return day if isinstance(day, dt.date) else dt.date.fromisoformat(day)
