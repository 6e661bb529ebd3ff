"""What happened with a customer, what falls due, and what he complained about."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.models import Team
from customers.models.companies import Contact, Customer
from customers.querysets import ActivityQuerySet, ComplaintQuerySet, FollowUpQuerySet
from innendienst.lib.transitions import Transition
from innendienst.lib.typed import first_line


class Outcome(models.TextChoices):
    """How a call ended; the order is the order of the keys 1 to 7."""

    NOT_REACHED = "not_reached", _("Not reached")
    CALLBACK = "callback", _("Call back")
    REACHED = "reached", _("Reached")
    INTERESTED = "interested", _("Interested")
    ORDER = "order", _("Order")
    NO_NEED = "no_need", _("No need")
    COMPLAINT = "complaint", _("Complaint")


class Satisfied(models.TextChoices):
    """Whether the customer is content, asked in a call."""

    YES = "yes", pgettext_lazy("satisfied", "yes")
    PARTLY = "partly", pgettext_lazy("satisfied", "partly")
    NO = "no", pgettext_lazy("satisfied", "no")


class Activity(models.Model):
    """One contact with a customer. Append-only: undo sets `voided_at`, a correction is a new row that `corrects` this.

    A call has an outcome, a letter none: its note is the subject, a blank line, and the text. Of a mailshot or mail to many the note
    says what it was about; its text stands with whoever sent it.
    `amount` is the net value of the order that a call brought, null where it brought none or nobody said how much. `satisfied` is empty
    where nobody asked.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        LETTER = "letter", _("Letter")
        MAILSHOT = "mailshot", _("Letter of a campaign")
        MAIL = "mail", _("E-mail of a campaign")

    class Direction(models.TextChoices):
        OUTGOING = "outgoing", _("Outgoing call")
        INCOMING = "incoming", _("Incoming call")

    class Detail(models.TextChoices):
        """Why nobody was reached; optional."""

        NOBODY_THERE = "nobody_there", _("Nobody there")
        AWAY = "away", _("Away")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        LEFT_COMPANY = "left_company", _("Left the company")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="activities")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CALL)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.OUTGOING)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    detail = models.CharField(max_length=16, choices=Detail.choices, blank=True)
    note = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    satisfied = models.CharField(max_length=6, choices=Satisfied.choices, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    gate_answer = models.JSONField(default=dict)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [models.Index(fields=["customer", "-at"]), models.Index(fields=["by", "at"])]

    def __str__(self) -> str:
        return f"{self.get_outcome_display() or self.get_kind_display()} {self.at:%d.%m.%Y}"

    @property
    def is_reached(self) -> bool:
        """Whether somebody was spoken with."""
        return self.kind == self.Kind.CALL and self.outcome != Outcome.NOT_REACHED

    @property
    def told(self) -> str:
        """What a history shows of it: a call's note, of a letter the subject."""
        return self.note.partition("\n\n")[0] if self.kind == self.Kind.LETTER else self.note


class FollowUp(models.Model):
    """ "Bring this back to me on that day." The only thing that falls due for a person.

    `origin` names what made it ("opportunity:17"), empty for one's own; with kind and day it is unique, so a job that runs
    twice makes one. `made_by` and `done_by` tie it to the calls that made and closed it, so that undoing a call undoes them.
    `reminded_at` is when its person was reminded of the clock time agreed; another time is another reminder.
    `solution` is the step that settled a complaint, where the follow-up asks whether the customer is content; `handover` is what
    field sales is to answer, or gave back.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("Follow-up")
        RETRY = "retry", _("Next try")
        CALLBACK = "callback", _("Call back")
        COMPLAINT = "complaint", _("Complaint")
        COMPLAINT_OPEN = "complaint_open", _("Complaint open")
        PLANNED = "planned", _("Planned")
        INTEREST = "interest", _("Follow up interest")
        QUOTE = "quote", _("Follow up quote")
        QUOTE_ENDS = "quote_ends", _("Quote ends")
        TRIAL = "trial", _("Trial ends")
        NPS_CASE = "nps_case", _("Critical answer")
        NPS_PASSIVE = "nps_passive", _("Passive answer")
        HANDOVER = "handover", _("Hand-over")
        HAND_BACK = "hand_back", _("Back from field sales")
        REFERENCE_MOMENT = "reference_moment", _("Reference")
        ASKING = "asking", _("Ask for reference")
        THINKING_ENDS = "thinking_ends", _("Time to think is over")
        RELEASE_ENDS = "release_ends", _("Release ends")
        REVIEW = "review", _("Review reference")
        REFERRAL_CONTACT = "referral_contact", _("Referral")
        ART14 = "art14", _("Art. 14 notice")
        INFORM = "inform", _("Inform recommender")
        THANKS_DUE = "thanks_due", _("Feedback/thanks")
        ERASE = "erase", _("Erase contact")

    ABOUT_ANSWERS = (Kind.NPS_CASE, Kind.NPS_PASSIVE)
    """To talk about what a customer said in a survey."""
    DONE_ON_A_PAGE = (
        Kind.ASKING, Kind.THINKING_ENDS, Kind.RELEASE_ENDS, Kind.REVIEW, Kind.ART14, Kind.INFORM, Kind.THANKS_DUE, Kind.ERASE,
    )  # fmt: skip
    """What references and referrals ask for and keep on record: no call settles it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="follow_ups")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OWN)
    origin = models.CharField(max_length=60, blank=True)
    due_on = models.DateField()
    due_time = models.TimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="made_follow_ups")
    done_by = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="done_follow_ups")
    done_at = models.DateTimeField(null=True, blank=True)
    solution = models.ForeignKey("customers.ComplaintTransition", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handover = models.ForeignKey("customers.Handover", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "due_time", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.UniqueConstraint(fields=["origin", "kind", "due_on"], condition=~Q(origin=""), name="follow_up_once_per_origin_and_day")
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on"], condition=Q(done_at=None), name="follow_up_open_by_assignee"),
            models.Index(fields=["customer"], condition=Q(done_at=None), name="follow_up_open_by_customer"),
            models.Index(fields=["due_at"], condition=Q(done_at=None, due_at__isnull=False), name="follow_up_open_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%d.%m.%Y} {self.first_line}"

    @property
    def first_line(self) -> str:
        return first_line(self.note)


class Complaint(models.Model):
    """What a customer is not satisfied with. While one is unresolved, selling rests.

    `satisfied` is what he said when he was asked after it was settled, on `confirmed_on`; empty while nobody has asked.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service")
        GOODS = "goods", _("Goods")

    class State(models.TextChoices):
        RAISED = "raised", _("Raised")
        IN_PROGRESS = "in_progress", _("In progress")
        SOLUTION_OFFERED = "solution_offered", _("Solution offered")
        RESOLVED = "resolved", _("Resolved")
        CONFIRMED = "confirmed", _("Confirmed by the customer")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")

    SETTLED = (State.RESOLVED, State.CONFIRMED, State.CLOSED)

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="complaints")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SERVICE)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=18, choices=State.choices, default=State.RAISED)
    raised_on = models.DateField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    satisfied = models.CharField(max_length=6, choices=Satisfied.choices, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")

    def __str__(self) -> str:
        return self.title


class ComplaintTransition(Transition):
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="transitions")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="complaint_steps")
