"""What customers say by phone or write on paper, entered row by row: one post, each row for itself, nothing typed is lost."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from customers.gate import GateAnswer, Purpose, gate_text, may_contact_everybody
from customers.models.permissions import Channel
from nps.answers import REASON_LENGTH_MOST, Given, NotTaken, decline, enter_answer
from nps.models import Invitation, SurveyWave

_WHOLE = re.compile(r"[0-9]{1,2}")
DECLINED = "declined"


class RowRefused(ValueError):
    """What was typed in a row cannot be read; its text says why."""


@dataclass(frozen=True)
class Row:
    """Somebody who may still be asked, with what was typed for him and what is wrong about it."""

    invitation: Invitation
    gate: GateAnswer
    values: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def name(self) -> str:
        return self.invitation.contact.addressed_name if self.invitation.contact else ""

    @cached_property
    def phone(self) -> str:
        """Where to call, "" while calling is not allowed."""
        if not self.gate.is_allowed:
            return ""
        contact = self.invitation.contact
        return (contact and (contact.phone_display or contact.mobile_display)) or self.invitation.customer.phone_display

    @property
    def why_not(self) -> str:
        """Why there is no number to call."""
        return _("No phone number known") if self.gate.is_allowed else gate_text(self.gate)


@dataclass(frozen=True)
class Entered:
    """What a post brought: answers and refusals that were stored, rows that came back."""

    response_ids: list[int]
    declined_count: int
    rows: list[Row]


def rows_of(invitations: Iterable[Invitation]) -> list[Row]:
    """With the gate's word on calling each of them today; a fixed number of queries."""
    listed = list(invitations)
    answers = _gate(listed)
    return [Row(one, answers[one.customer_id, one.contact_id][Channel.PHONE]) for one in listed]


def enter_rows(actor: User, wave: SurveyWave, invitations: Iterable[Invitation], data: QueryDict, channel: str) -> Entered:
    """Store each row that says something; the others, and those with an error, come back as they were typed."""
    listed = list(invitations)
    answers = _gate(listed)
    stored: list[int] = []
    declined, rows = 0, []
    for invitation in listed:
        values = {name: data.get(f"{name}-{invitation.pk}", "").strip() for name in ("rating", "reason", "may_call", DECLINED)}
        error = ""
        try:
            if values[DECLINED]:
                declined += decline(actor=actor, invitation=invitation)
                continue
            if values["rating"] or values["reason"]:
                given = _given(values, wave)
                stored.append(enter_answer(actor=actor, invitation=invitation, given=given, channel=channel).pk)
                continue
        except RowRefused as refused:
            error = str(refused)
        except NotTaken as obstacle:
            error = sentence(obstacle)
        rows.append(Row(invitation, answers[invitation.customer_id, invitation.contact_id][Channel.PHONE], values, error))
    return Entered(stored, declined, rows)


def read_rating(text: str, wave: SurveyWave) -> int:
    """A whole number of the survey's scale. Raises RowRefused."""
    if not _WHOLE.fullmatch(text) or not wave.scale_min <= int(text) <= 10:
        raise RowRefused(_("Rating: “%(text)s” is no whole number from %(least)s to 10.") % {"text": text[:20], "least": wave.scale_min})
    return int(text)


def sentence(obstacle: NotTaken) -> str:
    """Why an answer could not be entered."""
    if obstacle.code == "answered":
        return _("Not entered: this person has answered already, and answers are never overwritten.")
    if obstacle.code == "revoked":
        return _("Not entered: this person is not asked any more.")
    return _("Not entered: the survey is over for this person.")


def _given(values: Mapping[str, str], wave: SurveyWave) -> Given:
    if not values["rating"]:
        raise RowRefused(
            _("The rating is missing. Enter a whole number from %(least)s to 10, or tick “Does not answer”.") % {"least": wave.scale_min}
        )
    reason = values["reason"].replace("\0", "")
    if len(reason) > REASON_LENGTH_MOST:
        raise RowRefused(_("Reason: at most 2,000 characters are possible."))
    return Given(read_rating(values["rating"], wave), reason, {"yes": True, "no": False}.get(values["may_call"]))


def _gate(invitations: list[Invitation]) -> dict:
    customers = {one.customer_id: one.customer for one in invitations}
    contacts = [one.contact for one in invitations if one.contact]
    return may_contact_everybody(customers.values(), contacts, Purpose.SURVEY, timezone.localdate())
