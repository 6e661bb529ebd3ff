"""The rows of a filled sheet become calls: each by the call form's own rules, each once, and whoever cannot be logged says why."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import OperationalError, connection
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.answers import AnswerRefused
from campaigns.models import DayListRow, Opportunity
from customers.calls import CallRefused
from customers.models import Activity, Customer
from customers.models.activities import Outcome
from innendienst.base.models import FormKey
from innendienst.lib import display
from innendienst.lib.dates import instant
from innendienst.workplace import reads
from innendienst.workplace.addresses import day_url
from innendienst.workplace.call.answers import budget_text
from innendienst.workplace.call.entry import CallEntry
from innendienst.workplace.call.form import CallForm
from innendienst.workplace.call.next_steps import NextStep
from innendienst.workplace.call.opening import posted_form
from innendienst.workplace.call.saving import AlreadySaved, ReasonsMoved, save_call
from innendienst.workplace.day_sheet.columns import basis_of, folded, outcome_of
from innendienst.workplace.day_sheet.reading import FilledRow, day_as_of
from innendienst.workplace.day_sheet.row_key import RowKey, UnknownRow, read_key

_NONE_WORDS = frozenset({"keine", "none", "-", "–"})
_NOON = dt.time(12)


class Fate(StrEnum):
    LOGGED = "logged"
    KNOWN = "known"
    LEFT = "left"


@dataclass(frozen=True)
class Given:
    """What became of a row: `text` says what was logged or why not, `url` where to go on."""

    row: FilledRow
    fate: Fate
    text: str
    url: str = ""


class _LeftError(Exception):
    """This row cannot be logged; the sentence says why and what to do."""

    def __init__(self, text: str, url: str = "") -> None:
        super().__init__(text)
        self.text, self.url = text, url


def give_back(user: User, rows: Iterable[FilledRow]) -> list[Given]:
    """Log these rows, each in a transaction of its own, and answer for each what became of it.

    Where the database gives up, the rows before stay logged, and none of the rest is tried.
    """
    rows, given = list(rows), []
    for row in rows:
        try:
            given.append(_give(user, row))
        except OperationalError:
            if not connection.is_usable():  # the page that tells of it needs one
                connection.close()
            text = _("the database did not answer, and the row was not taken. Give the file back once more; each row is logged once.")
            return given + [Given(rest, Fate.LEFT, text) for rest in rows[len(given) :]]
    return given


def _give(user: User, row: FilledRow) -> Given:
    try:
        key = _key_of(user, row)
        customer = _customer(user, key)
        return _log(user, row, key, customer)
    except _LeftError as left:
        return Given(row, Fate.LEFT, left.text, left.url)


def _key_of(user: User, row: FilledRow) -> RowKey:
    try:
        key = read_key(row.key)
    except UnknownRow:
        raise _LeftError(
            _("the hidden column of the row is missing, changed, or older than two weeks. Log this call in the program.")
        ) from None
    if key.user != user.pk:
        raise _LeftError(_("the row is from a colleague's list. Only he can give it back."))
    return key


def _customer(user: User, key: RowKey) -> Customer:
    try:
        return reads.visible_customer(user, key.customer)
    except Http404:
        raise _LeftError(_("the customer does not belong to your range any more.")) from None


def _log(user: User, row: FilledRow, key: RowKey, customer: Customer) -> Given:
    form_key, logged, is_again = _standing(user, key)
    if logged is not None:
        return _known(row, logged)
    day = dt.date.fromisoformat(key.day)
    if _is_done(user, day, customer):
        raise _LeftError(_("a call with this customer was logged in the program on that day already."), customer.get_absolute_url())
    form = _read(user, customer, _as_posted(row, key, str(form_key), day, _reasons(key, is_again=is_again)))
    try:
        saved = save_call(user, customer, form_key, _at(form.entry, day))
    except ReasonsMoved:
        raise _LeftError(
            _("somebody answered the reason since the sheet was made. Log this call in the program."), day_url(customer.pk)
        ) from None
    except AnswerRefused:
        raise _LeftError(budget_text(), day_url(customer.pk)) from None
    except (AlreadySaved, CallRefused):
        raise _LeftError(_("the call was logged meanwhile, or is not allowed any more."), customer.get_absolute_url()) from None
    outcome = str(Outcome(form.entry.outcome).label)
    due = _("%(outcome)s, follow-up %(day)s") % {"outcome": outcome, "day": display.due(saved.due_on)} if saved.due_on else outcome
    return Given(row, Fate.LOGGED, due, customer.get_absolute_url())


def _read(user: User, customer: Customer, posted: QueryDict) -> CallForm:
    """The row as a valid call form: what the sheet named may be gone since, or somebody else's."""
    url = day_url(customer.pk)
    try:
        form = posted_form(user, customer, posted, timezone.localdate())
    except Http404:
        text = _("the reason to call belongs to another customer since the sheet was made. Log this call in the program.")
        raise _LeftError(text, url) from None
    try:
        is_valid = form.is_valid()
    except Http404:
        text = _("the contact is no longer with this customer: deleted, merged or moved. Log this call in the program.")
        raise _LeftError(text, url) from None
    if not is_valid:
        raise _LeftError(" ".join(form.messages), url)
    return form


def _standing(user: User, key: RowKey) -> tuple[uuid.UUID, Activity | None, bool]:
    """The one-time key to use, the call it belongs to already, and whether an earlier one was undone, which may be given back again."""
    for round_number in range(10):
        form_key = key.form_key(round_number)
        used = FormKey.objects.filter(key=form_key, user=user).first()
        if used is None:
            return form_key, None, round_number > 0
        logged = Activity.objects.visible_to(user).filter(pk=used.result.get("activity")).first()
        if logged is None:
            raise _LeftError(_("the call was logged, and the customer does not belong to your range any more."))
        if logged.voided_at is None:
            return form_key, logged, False
    raise _LeftError(_("the call was undone too often. Log it in the program."))


def _known(row: FilledRow, logged: Activity) -> Given:
    """A row that was given back before: nothing to do, or a text that differs from what was logged."""
    if logged.outcome == outcome_of(row.outcome) and folded(logged.note) == folded(row.note):
        return Given(row, Fate.KNOWN, _("was logged before"))
    url = reverse("call_correct", args=[logged.pk])
    return Given(row, Fate.LEFT, _("was logged before with another text; nothing was changed. Correct the call there."), url)


def _is_done(user: User, day: dt.date, customer: Customer) -> bool:
    mine = DayListRow.objects.for_system("one's own list").filter(user=user, day=day, customer=customer.pk)
    return mine.filter(state=DayListRow.State.DONE).exists()


def _reasons(key: RowKey, *, is_again: bool) -> list[tuple[int, int]]:
    """The reasons to answer, with the versions that the sheet saw; after an undo, which moved them, with those of now.

    Reasons that are gone since are left out: there is nothing to answer.
    """
    named = Opportunity.objects.for_system("reasons the sheet named").filter(pk__in=[pk for pk, _version in key.reasons])
    current = dict(named.values_list("pk", "version"))
    return [(pk, current[pk] if is_again else version) for pk, version in key.reasons if pk in current]


def _as_posted(row: FilledRow, key: RowKey, form_key: str, day: dt.date, reasons: list[tuple[int, int]]) -> QueryDict:
    """The row as the call form's browser would have sent it."""
    data = QueryDict(mutable=True)
    outcome = outcome_of(row.outcome)
    data.update(
        {
            "key": form_key,
            "direction": Activity.Direction.OUTGOING,
            "contact": str(key.contact or ""),
            "gate": key.gate,
            "outcome": outcome,
            "note": row.note,
            "legal_reason": basis_of(row.basis),
            "legal_text": row.note if row.basis else "",
            "top": str(reasons[0][0]) if reasons else "",
        }
    )
    if row.next_on and folded(row.next_on) in _NONE_WORDS:
        data["next"] = NextStep.NONE
    elif row.next_on:
        data.update({"next": NextStep.DATE, "next_on": day_as_of(row.next_on, day), "next_time": row.next_time})
    for pk, version in reasons:
        data.appendlist("reason", str(pk))
        data[f"reason-{pk}-version"] = str(version)
    if reasons and outcome == Outcome.ORDER:
        data[f"reason-{reasons[0][0]}-amount"] = row.amount
    return data


def _at(entry: CallEntry, day: dt.date) -> CallEntry:
    """A sheet of an earlier day logs its calls on that day; at which time nobody knows."""
    if day == timezone.localdate():
        return entry
    return replace(entry, at=instant(day, _NOON))
