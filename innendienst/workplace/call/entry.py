"""What one call brought, as the form understood it and as the save takes it."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from campaigns.quotes import Offer
from campaigns.steps import Answer
from customers.gate_rules import GateAnswer
from customers.models import Activity, Contact
from customers.needs import Told
from innendienst.workplace.call.survey import SurveyAnswer


@dataclass(frozen=True)
class ReasonAnswer:
    """What the call brought for one reason, as seen by whoever read its `version`."""

    opportunity_id: int
    version: int
    answer: str
    amount: Decimal | None = None
    reason: str = ""
    valid_until: dt.date | None = None

    @property
    def offer(self) -> Offer | None:
        """The quote that was promised on the phone."""
        return Offer(self.amount, timezone.localdate(), self.valid_until) if self.answer == Answer.OFFERED and self.amount else None


@dataclass(frozen=True)
class NextDate:
    on: dt.date
    kind: str
    time: dt.time | None = None


@dataclass(frozen=True)
class HandoverWish:
    """Field sales is to go on with the customer; what was talked about in the call goes along."""

    to: User
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class CallEntry:
    """A call as the form understood it; `gate_answer` is None for a call from the customer."""

    outcome: str
    gate_answer: GateAnswer | None
    direction: str = Activity.Direction.OUTGOING
    contact: Contact | None = None
    detail: str = ""
    note: str = ""
    satisfied: str = ""
    complaint_title: str = ""
    """What the complaint is about that the call brought; empty where it brought none."""
    answers: tuple[ReasonAnswer, ...] = ()
    next_date: NextDate | None = None
    handover: HandoverWish | None = None
    survey: SurveyAnswer | None = None
    needs: tuple[Told, ...] = ()
    said_next: tuple[str, ...] = ()
    """The next step as it was sent. What it means may have moved when it is sent again: after a try the next one is proposed for later."""
    at: dt.datetime | None = None
    """When it was, None for just now."""

    @property
    def amount(self) -> Decimal | None:
        """What all orders of the call come to; None where there is none, or nobody said how much."""
        return self._sum_of(Answer.WON)

    @property
    def offered(self) -> Decimal | None:
        """What all quotes of the call come to."""
        return self._sum_of(Answer.OFFERED)

    def _sum_of(self, said: str) -> Decimal | None:
        amounts = [answer.amount for answer in self.answers if answer.answer == said and answer.amount]
        return sum(amounts, Decimal(0)) if amounts else None

    @property
    def won_ids(self) -> list[int]:
        """The opportunities that became orders."""
        return [answer.opportunity_id for answer in self.answers if answer.answer == Answer.WON]

    @property
    def fingerprint(self) -> str:
        """Tells whether a second post with the same key says the same; versions and the gate's answer do not matter."""
        answers = [(answer.opportunity_id, answer.answer, str(answer.amount), answer.reason, answer.valid_until) for answer in self.answers]
        asked = self.contact and self.contact.pk
        wish = self.handover and (self.handover.to.pk, self.handover.criteria)
        said = (
            self.outcome,
            self.direction,
            asked,
            self.detail,
            self.note,
            self.satisfied,
            self.complaint_title,
            answers,
            self.said_next or self.next_date,
            wish,
            self.survey,
            [(told.group.pk, told.supplier, str(told.yearly_need), told.contract_until) for told in self.needs],
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()
