"""May we contact? One pure decision over facts, for every channel and purpose.

German law as product rules: domain guide, section 5 (U-1 to U-7). An allowed call rests on a basis, a denied one names the
block, an unclear one says which legal reasons a person may give instead. Blocks and objections win over everything.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from innendienst.lib.dates import add_months


class Purpose(StrEnum):
    SERVICE = "service"
    SALES = "sales"
    SURVEY = "survey"
    REFERENCE = "reference"
    REFERRAL = "referral"


class Answer(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"
    UNCLEAR = "unclear"


class LegalReason(StrEnum):
    """What a rep may state where the facts alone do not allow a call; the last one needs an explanation."""

    EXISTING_CUSTOMER = "existing_customer"
    INQUIRY = "inquiry"
    CALLBACK = "callback"
    CONSENT = "consent"
    CONCRETE_REASON = "concrete_reason"


SIMILAR_GOODS = "similar_goods"
"""Own goods like those bought, by mail: § 7(3) UWG."""
STATABLE = (LegalReason.INQUIRY, LegalReason.CALLBACK, LegalReason.CONCRETE_REASON)
EXPLANATION_LENGTH_LEAST = 15
PRESSURE_WINDOW = dt.timedelta(days=90)
_RESTING = frozenset({Purpose.SURVEY, Purpose.REFERENCE})
"""What nobody is asked for while a complaint of his is open (domain guide 2.5); selling needs a reason stated by a person."""


@dataclass(frozen=True)
class Policy:
    """The installation's limits (customers/preferences.py)."""

    permission_months: int
    pressure_days: int
    pressure_most: int


@dataclass(frozen=True)
class Block:
    """A standing block or objection that concerns the target; `channel` "" stands for every channel."""

    channel: str
    is_objection: bool
    set_on: dt.date


@dataclass(frozen=True)
class GateFacts:
    """What is known about a target. Dates are None where there is nothing."""

    blocks: tuple[Block, ...] = ()
    consented_channels: frozenset[str] = frozenset()
    last_order_on: dt.date | None = None
    declared_on: dt.date | None = None
    has_bought_topic: bool = True
    """Whether goods of the topic's group were bought; true where nobody named a topic."""
    has_topic: bool = False
    mail_notice_on: dt.date | None = None
    """When the address was got with a sale and with the notice that § 7(3) UWG wants; None for every other address."""
    has_open_complaint: bool = False
    selling_contacts_on: tuple[dt.date, ...] = ()
    """The days of the selling contacts started by us in the 90 days before, the oldest first."""
    next_contact_on: dt.date | None = None
    """The first day on which the pause after our last selling contact is over."""


@dataclass(frozen=True)
class GateAnswer:
    """The gate's word: the rule that decided, the basis it rests on, and what a person may state instead (`choices`).

    `facts` are dates as ISO text, for the sentence on the screen and for the record kept with the activity.
    """

    answer: Answer
    rule: str
    basis: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        return self.answer == Answer.ALLOWED

    def on_record(self) -> dict:
        """As it is kept with a contact, to show why it was allowed."""
        return {"answer": self.answer, "rule": self.rule, "basis": self.basis, "facts": self.facts}

    @classmethod
    def kept_as(cls, record: Mapping[str, Any]) -> "GateAnswer":
        """The answer that was kept as this record."""
        return cls(Answer(record["answer"]), record["rule"], record["basis"], record["facts"])


def decide(facts: GateFacts, channel: str, purpose: Purpose, on: dt.date, policy: Policy, *, is_exempt: bool = False) -> GateAnswer:
    """The answer for one channel, purpose and day. `is_exempt` lifts contact pressure only: promised call-backs, due reorders."""
    is_service = purpose == Purpose.SERVICE
    if block := _standing_block(facts, channel, is_service=is_service):
        return GateAnswer(Answer.DENIED, "objection" if block.is_objection else "block", facts={"since": block.set_on.isoformat()})
    if is_service:
        return GateAnswer(Answer.ALLOWED, "service", basis="service")
    if facts.has_open_complaint and purpose in _RESTING:
        return GateAnswer(Answer.DENIED, "open_complaint")
    basis = _basis(facts, channel, purpose, on, policy)
    if not basis and channel != "phone":
        return GateAnswer(Answer.DENIED, "no_basis")
    if facts.has_open_complaint and purpose == Purpose.SALES:
        return GateAnswer(Answer.UNCLEAR, "open_complaint", choices=STATABLE)
    if not basis:
        is_about_others = purpose != Purpose.REFERRAL and _is_customer(facts, on, policy)
        return GateAnswer(Answer.UNCLEAR, "other_goods" if is_about_others else "no_basis", choices=STATABLE)
    # A question sells nothing: surveys have rests of their own.
    if not is_exempt and purpose != Purpose.SURVEY and (next_on := _pause_until(facts, on, policy)):
        return GateAnswer(Answer.UNCLEAR, "pressure", basis=basis, facts={"next_on": next_on.isoformat()}, choices=STATABLE)
    return GateAnswer(Answer.ALLOWED, basis, basis=basis, facts=_basis_facts(facts, basis, on, policy))


def _standing_block(facts: GateFacts, channel: str, *, is_service: bool) -> Block | None:
    """The first block of this channel. Service is no advertising: an objection to advertising does not stop it."""
    return next((block for block in facts.blocks if block.channel in {"", channel} and not (is_service and block.is_objection)), None)


def _basis(facts: GateFacts, channel: str, purpose: Purpose, on: dt.date, policy: Policy) -> str:
    if channel in facts.consented_channels:
        return LegalReason.CONSENT
    if channel == "letter":
        return "letter"
    if channel == "email" and purpose == Purpose.SALES and _is_similar_goods(facts):
        return SIMILAR_GOODS
    if channel != "phone" or purpose == Purpose.REFERRAL:
        return ""
    # A declaration says that he is a customer, not of which goods: of those he never bought the rep says why he calls (U-5).
    return LegalReason.EXISTING_CUSTOMER if _is_customer(facts, on, policy) and facts.has_bought_topic else ""


def _is_customer(facts: GateFacts, on: dt.date, policy: Policy) -> bool:
    return _has_bought_lately(facts, on, policy) or facts.declared_on is not None


def _has_bought_lately(facts: GateFacts, on: dt.date, policy: Policy) -> bool:
    earliest = add_months(on, -policy.permission_months)
    return facts.last_order_on is not None and facts.last_order_on >= earliest


def _is_similar_goods(facts: GateFacts) -> bool:
    """§ 7(3) UWG: an address from a sale, with notice, for goods like those bought; without a topic nobody can say that they are."""
    return facts.mail_notice_on is not None and facts.last_order_on is not None and facts.has_topic and facts.has_bought_topic


def _basis_facts(facts: GateFacts, basis: str, on: dt.date, policy: Policy) -> dict[str, str]:
    """The day on which the basis rests: an order that is too old is none, where the declaration carries the call."""
    if basis == SIMILAR_GOODS and facts.mail_notice_on:
        return {"mail_notice_on": facts.mail_notice_on.isoformat()}
    if basis != LegalReason.EXISTING_CUSTOMER:
        return {}
    if facts.last_order_on and _has_bought_lately(facts, on, policy):
        return {"last_order_on": facts.last_order_on.isoformat()}
    return {"declared_on": facts.declared_on.isoformat()} if facts.declared_on else {}


def _pause_until(facts: GateFacts, on: dt.date, policy: Policy) -> dt.date | None:
    """The first day on which the last contact is long enough ago, and so many have left the window that one more may be."""
    days = [facts.next_contact_on] if facts.next_contact_on and facts.next_contact_on > on else []
    counted = facts.selling_contacts_on
    if len(counted) >= policy.pressure_most:  # where none at all is allowed, there may be none to wait for
        days.append(counted[-policy.pressure_most] + PRESSURE_WINDOW if counted else on + dt.timedelta(days=1))
    return max(days, default=None)
