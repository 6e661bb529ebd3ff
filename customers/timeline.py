"""What happened with a customer, youngest first: contacts, complaints, blocks, follow-ups done without a call."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from customers.models import Activity, Complaint, ComplaintTransition, ContactBlock, Customer, FollowUp, Handover, HandoverTransition
from customers.models.activities import Outcome, Satisfied
from customers.querysets import ActivityQuerySet
from customers.undo import UNDONE
from innendienst.lib import display
from innendienst.lib.prepared import Param, Prepared

ENTRIES_MOST = 10


@dataclass(frozen=True)
class Entry:
    """`time` and `by` are empty for readers who may not know who called when; `tone` is one of good, bad or ""."""

    on: dt.date
    time: dt.time | None
    title: str
    person: str = ""
    text: str = ""
    by: str = ""
    tone: str = ""
    own_call: int | None = None
    """The reader's own call, which he may correct."""
    letter: int | None = None
    """A letter, which may be printed once more."""

    @property
    def act(self) -> SafeString:
        """The way to correct it, or to print it."""
        if self.letter is not None:
            return format_html(' <a class="small" href="{}">{}</a>', reverse("letter_print", args=[self.letter]), _("Print"))
        if self.own_call is None:
            return SafeString()
        return format_html(' <a class="small" href="{}">{}</a>', reverse("call_correct", args=[self.own_call]), _("Correct"))

    @property
    def when(self) -> str:
        """ "30.11.2026, 14:05"."""
        return f"{display.date(self.on)}, {self.time:%H:%M}" if self.time else display.date(self.on)

    @property
    def body(self) -> SafeString:
        """The text with its line breaks."""
        return linebreaksbr(self.text) if self.text else SafeString()

    @property
    def about(self) -> str:
        return f" · {self.person}" if self.person else ""

    @property
    def author(self) -> str:
        return f" ({self.by})" if self.by else ""


@dataclass(frozen=True)
class Timeline:
    entries: list[Entry]
    has_more: bool


_WHY = "a customer already visible"
_CONTACTS = Prepared(lambda: _contacts(Activity.objects.for_system(_WHY).filter(customer=Param("customer")))[: ENTRIES_MOST + 1])
_COMPLAINTS = Prepared(
    lambda: (
        Complaint.objects.for_system(_WHY)
        .filter(customer=Param("customer"))
        .prefetch_related("transitions__by")
        .order_by("-raised_on", "-pk")[:ENTRIES_MOST]
    )
)
_HANDOVER_STEPS = Prepared(
    lambda: (
        HandoverTransition.objects.filter(handover__customer=Param("customer"))
        .select_related("handover__to", "by")
        .order_by("-pk")[:ENTRIES_MOST]
    )
)
# What field sales was to answer is told by the steps of the hand-over.
_TICKED = Prepared(
    lambda: (
        FollowUp.objects.for_system(_WHY)
        .ticked()
        .filter(customer=Param("customer"))
        .exclude(kind=FollowUp.Kind.HANDOVER)
        .order_by("-done_at")[:ENTRIES_MOST]
    )
)


def latest_contacts(customer: Customer) -> list[Activity]:
    """The last contacts with a customer found by visible_to, youngest first; one more than a timeline shows."""
    return list(_CONTACTS(customer=customer.pk))


def load_timeline(user: User, customer: Customer, activities: list[Activity], blocks: Iterable[ContactBlock]) -> Timeline:
    """The latest entries: contacts (those of `latest_contacts`), blocks and the rest; `has_more` when some were left out."""
    others = [*_complaints(user, customer), *_handovers(user, customer), *_block_entries(blocks), *_follow_ups(customer)]
    entries = [*activity_entries(user, activities[:ENTRIES_MOST]), *others]
    entries.sort(key=lambda entry: entry.on, reverse=True)
    return Timeline(entries[:ENTRIES_MOST], len(activities) > ENTRIES_MOST or len(entries) > ENTRIES_MOST)


def contacts_with(user: User, customer: Customer):
    """All contacts that stand, youngest first."""
    return _contacts(Activity.objects.visible_to(user).filter(customer=customer))


def _contacts(activities: ActivityQuerySet) -> ActivityQuerySet:
    return activities.standing().select_related("contact", "by", "corrects__customer").latest_first()


def activity_entries(user: User, activities: Iterable[Activity]) -> Iterable[Entry]:
    shows_author, may_log = allowed(user, "author.see"), allowed(user, "call.log")
    for activity in activities:
        local = timezone.localtime(activity.at)
        knows = shows_author or activity.by_id == user.pk
        is_incoming = activity.direction == Activity.Direction.INCOMING
        outcome = outcome_text(activity)
        if activity.satisfied:
            outcome = _("%(outcome)s, satisfied: %(answer)s") % {"outcome": outcome, "answer": Satisfied(activity.satisfied).label}
        yield Entry(
            on=local.date(),
            time=local.time() if knows else None,
            title=_("Call from the customer: %(outcome)s") % {"outcome": outcome} if is_incoming else outcome,
            person=activity.contact.addressed_name if activity.contact else "",
            text="\n".join(filter(None, [activity.told, _before(activity)])),
            own_call=activity.pk if activity.kind == Activity.Kind.CALL and activity.by_id == user.pk and may_log else None,
            letter=activity.pk if activity.kind == Activity.Kind.LETTER and may_log else None,
            by=activity.by.full_name if knows else "",
        )


def _before(activity: Activity) -> str:
    """What stood there before it was corrected."""
    old = activity.corrects
    if old is None:
        return ""
    changed = [outcome_text(old) if old.outcome != activity.outcome else "", old.note.strip() if old.note != activity.note else ""]
    said = ": ".join(filter(None, changed))
    if old.customer_id != activity.customer_id:
        facts = {"customer": old.customer, "said": said}
        return (
            _("(Corrected; entered before with %(customer)s: %(said)s)") if said else _("(Corrected; entered before with %(customer)s)")
        ) % facts
    return _("(Corrected; before: %(said)s)") % {"said": said} if said else _("(Corrected)")


def outcome_text(activity: Activity) -> str:
    """How a call ended; an order with its amount where it is known: "Auftrag über 142,00 €". Letters and mails are called so."""
    if activity.kind != Activity.Kind.CALL:
        return str(Activity.Kind(activity.kind).label)
    if activity.amount is None:
        return str(Outcome(activity.outcome).label)
    return _("Order of %(amount)s") % {"amount": display.euros(activity.amount, decimals=2)}


def _complaints(user: User, customer: Customer) -> Iterable[Entry]:
    """Each complaint on the day it was raised, and every later step with what was written about it."""
    if not customer.has_complaints:
        return
    for complaint in _COMPLAINTS(customer=customer.pk):
        title = _("Complaint: %(title)s") % {"title": complaint.title}
        yield Entry(complaint.raised_on, None, title, text=complaint.get_state_display(), tone=_tone(complaint.state))
        for step in complaint.transitions.all():
            if step.from_state:
                yield _step_entry(user, title, step)


def _step_entry(user: User, title: str, step: ComplaintTransition) -> Entry:
    knows = allowed(user, "author.see") or step.by_id == user.pk
    local = timezone.localtime(step.at)
    return Entry(
        on=local.date(),
        time=local.time() if knows else None,
        title=f"{title} – {Complaint.State(step.to_state).label}",
        text=_("taken back") if step.reason == UNDONE else step.reason,
        by=step.by.full_name if knows and step.by else "",
        tone=_tone(step.to_state),
    )


def _handovers(user: User, customer: Customer) -> Iterable[Entry]:
    """Each step of a hand-over to field sales; what came back with it, or why nobody goes."""
    if not customer.has_handovers:
        return
    for step in _HANDOVER_STEPS(customer=customer.pk):
        knows = allowed(user, "author.see") or step.by_id == user.pk
        local, handover = timezone.localtime(step.at), step.handover
        came_back = step.to_state in {Handover.State.RETURNED, Handover.State.DONE}
        told = handover.result if came_back else handover.note if step.to_state == Handover.State.REQUESTED else step.reason
        facts = {"name": handover.to.full_name, "state": Handover.State(step.to_state).label}
        yield Entry(
            on=local.date(),
            time=local.time() if knows else None,
            title=_("Hand-over to %(name)s: %(state)s") % facts,
            text=_("taken back") if step.reason == UNDONE else told,
            by=step.by.full_name if knows and step.by else "",
        )


def _tone(state: str) -> str:
    return "good" if state in Complaint.SETTLED else "bad"


def _block_entries(blocks: Iterable[ContactBlock]) -> Iterable[Entry]:
    for block in blocks:
        channel = block.get_channel_display() if block.channel else _("all channels")
        person = block.contact.addressed_name if block.contact else ""
        yield Entry(block.set_on, None, f"{block.get_kind_display()}: {channel}", person=person, text=block.reason, tone="bad")
        if block.lifted_at:
            yield Entry(timezone.localdate(block.lifted_at), None, _("Block lifted: %(channel)s") % {"channel": channel}, person=person)


def _follow_ups(customer: Customer) -> Iterable[Entry]:
    if not customer.has_ticked_follow_up:
        return
    for follow_up in _TICKED(customer=customer.pk):
        what = "" if follow_up.kind == FollowUp.Kind.OWN else follow_up.get_kind_display()
        yield Entry(timezone.localdate(follow_up.done_at), None, _("Follow-up done"), text=follow_up.note or what)
