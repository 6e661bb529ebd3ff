"""What customers answered.

A SurveyWave ("Befragung") asks one question on one scale. An Invitation says whom it asked and by which channel; a Response is
one answer with a whole rating and the customer's segments as they were when he answered, so that a later change of class or
industry rewrites no past figure. An anonymous Response bears no link to anybody. What was answered first is kept as a
ResponseChange. A Case is the duty to talk to somebody about his answer. A WaveTally counts answers by a segment's value and
rating: pages read it and never the answers. A ResponseImport is a list of answers that was taken over.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from customers.querysets import CustomerLinkedQuerySet
from innendienst.lib.transitions import Transition
from nps.querysets import CaseQuerySet, ResponseQuerySet, SurveyWaveQuerySet

SHORT, LONG = 80, 200


class SurveyWave(models.Model):
    """One round of questions. The scale is fixed once answers exist: waves of different scales never share a line.

    `figures` are kept beside the tallies: what cannot be counted by segment (weighted score, reasons, invitations).
    """

    class Kind(models.TextChoices):
        RELATIONSHIP = "relationship", _("Relationship")
        TRANSACTIONAL = "transactional", _("After an occasion")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        OPEN = "open", _("Running")
        CLOSED = "closed", _("Closed")
        EVALUATED = "evaluated", _("Evaluated")

    class Scale(models.IntegerChoices):
        FROM_1 = 1, _("1 to 10")
        FROM_0 = 0, _("0 to 10")

    name = models.CharField(_("name"), max_length=SHORT, unique=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.RELATIONSHIP)
    scale_min = models.PositiveSmallIntegerField(_("scale"), choices=Scale.choices, default=Scale.FROM_1)
    question_de = models.CharField(_("question in German"), max_length=300)
    question_en = models.CharField(_("question in English"), max_length=300)
    rule = models.JSONField(default=dict)
    shows_names = models.BooleanField(_("answers with names"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    objects = SurveyWaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(condition=Q(scale_min__in=[0, 1]), name="wave_scale_begins_with_0_or_1"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="wave_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ratings(self) -> range:
        return range(self.scale_min, 11)

    @property
    def scale(self) -> str:
        """ "1–10"."""
        return f"{self.scale_min}–10"


class SurveyWaveTransition(Transition):
    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="transitions")


class Channel(models.TextChoices):
    """How an answer came, and how one is asked for. Scores by phone run higher: channels are counted apart."""

    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    PHONE = "phone", _("Phone")
    LIST = "list", _("Imported list")


class Invitation(models.Model):
    """Whom a wave asks, once, or why it does not. Its link is derived from row and `nonce`; only its hash is stored."""

    class State(models.TextChoices):
        ELIGIBLE = "eligible", _("Eligible")
        EXCLUDED = "excluded", _("Excluded")
        QUEUED = "queued", _("In dispatch")
        SENT = "sent", _("Sent")
        REMINDED = "reminded", _("Reminded")
        RESPONDED = "responded", _("Answered")
        EXPIRED = "expired", _("Expired")
        BOUNCED = "bounced", _("Undeliverable")
        OBJECTED = "objected", _("Objected")

    ASKED = (State.SENT, State.REMINDED, State.RESPONDED, State.EXPIRED, State.OBJECTED)
    """Those that arrived, as far as we know."""

    wave = models.ForeignKey(SurveyWave, on_delete=models.PROTECT, related_name="invitations")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ELIGIBLE)
    excluded_reason = models.CharField(max_length=24, blank=True)
    nonce = models.CharField(max_length=32, blank=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - who is asked by phone has none, and "" would clash
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = CustomerLinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["wave", "contact"], name="invitation_once_per_wave_and_person")]
        indexes = [models.Index(fields=["wave", "state"])]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.contact_id} {self.state}"


class Response(models.Model):
    """One answer. Never edited by staff: at most marked invalid, with a reason that stays visible.

    An anonymous one has neither customer nor contact nor invitation nor time of day. The texts of the segments are those of the
    day of the answer, "" where unknown; `list_segment` is what an imported list called the group.
    """

    wave = models.ForeignKey(SurveyWave, on_delete=models.PROTECT, related_name="responses")
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.PROTECT, related_name="response")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="nps_responses")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    rating = models.PositiveSmallIntegerField(_("rating"), validators=[MinValueValidator(0), MaxValueValidator(10)])
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    answered_on = models.DateField(_("answered on"))
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    may_call = models.BooleanField(null=True)
    is_anonymous = models.BooleanField(default=False)
    abc_class = models.CharField(max_length=1, blank=True)
    industry = models.CharField(max_length=SHORT, blank=True)
    region = models.CharField(max_length=4, blank=True)
    product_group = models.CharField(max_length=SHORT, blank=True)
    customer_age = models.CharField(max_length=8, blank=True)
    team = models.CharField(max_length=SHORT, blank=True)
    list_segment = models.CharField(max_length=SHORT, blank=True)
    revenue_12m = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    response_import = models.ForeignKey("nps.ResponseImport", null=True, on_delete=models.PROTECT, related_name="+")
    invalid_reason = models.CharField(max_length=LONG, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(condition=Q(rating__lte=10), name="response_rating_at_most_10"),
            models.CheckConstraint(
                condition=Q(is_anonymous=False)
                | Q(customer=None, contact=None, invitation=None, answered_at=None, recorded_by=None, revenue_12m=None),
                name="anonymous_response_leads_to_nobody",
            ),
            models.UniqueConstraint(
                fields=["wave", "contact"], condition=Q(invalid_reason="", contact__isnull=False), name="response_once_per_wave_and_person"
            ),
        ]
        indexes = [models.Index(fields=["wave", "rating"]), models.Index(fields=["customer", "-answered_on"])]

    def __str__(self) -> str:
        return f"{self.rating}"


class ResponseChange(models.Model):
    """What an answer was before the customer changed it."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="changes")
    rating = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.rating}"


class Case(models.Model):
    """The duty to talk to somebody about his answer, until a day."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CONTACTED = "contacted", _("Contacted")
        CLOSED = "closed", _("Closed")

    response = models.OneToOneField(Response, on_delete=models.PROTECT, related_name="case")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="nps_cases")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    group = models.CharField(max_length=10)
    opened_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [models.Index(fields=["due_on"], condition=~Q(state="closed"), name="case_open_by_day")]

    def __str__(self) -> str:
        return f"{self.group} {self.due_on:%d.%m.%Y}"


class CaseTransition(Transition):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="transitions")


class WaveTally(models.Model):
    """How many counted answers of a wave have this rating, within one value of one segment (`all` has the value "")."""

    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="tallies")
    dimension = models.CharField(max_length=16)
    value = models.CharField(max_length=SHORT, blank=True)
    rating = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "dimension", "value", "rating"], name="wave_tally_once")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.value} {self.rating}: {self.count}"


class ResponseImport(models.Model):
    """A list of answers that was taken over into a wave; the same bytes are taken once per wave."""

    wave = models.ForeignKey(SurveyWave, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=LONG)
    sha256 = models.CharField(max_length=64)
    taken_count = models.PositiveIntegerField()
    rejected_count = models.PositiveIntegerField()
    messages = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "sha256"], name="response_import_once")]

    def __str__(self) -> str:
        return self.file_name
