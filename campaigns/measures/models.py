"""What was decided to be done, by whom, until when, with which aim."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.models import Team
from campaigns.measures.querysets import MeasureQuerySet
from innendienst.lib.transitions import Transition


class Possibility(models.TextChoices):
    """How inside sales can sell to existing customers, in the words of the planning template; a code is that of a kind of reason."""

    AFTER_SALES = "after_sales", _("After-sales service")
    CROSS_SELL = "cross_sell", _("Cross-selling")
    UP_SELL = "up_sell", _("Up-selling")
    REORDER = "reorder", _("Reorder")
    LAST_CALL = "last_call", _("Last call")
    CAMPAIGN = "campaign", _("Special campaigns")
    OTHER = "other", pgettext_lazy("possibility", "Other")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of reason it stands for."""
        return ("win_back", "satisfaction") if self == Possibility.OTHER else (self.value,)


class Measure(models.Model):
    """A planned action ("Maßnahme"). What came of it is counted from opportunities of its possibility within its days.

    `origin` names what it was made because of, where that is no row of a plan ("nps:17:delivery"); one measure per origin.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("measure", "Planned")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    OPEN = (State.PLANNED, State.RUNNING)

    title = models.CharField(_("measure"), max_length=200)
    possibility = models.CharField(_("possibility"), max_length=12, choices=Possibility.choices, default=Possibility.OTHER)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("responsible"), on_delete=models.PROTECT, related_name="measures")
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    with_whom = models.CharField(_("together with"), max_length=120, blank=True)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    remind_on = models.DateField(_("look at it again on"), null=True, blank=True)
    budget = models.DecimalField(_("budget (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    goal_contacts = models.PositiveIntegerField(_("goal: contacts"), null=True, blank=True)
    goal_orders = models.PositiveIntegerField(_("goal: orders"), null=True, blank=True)
    goal_revenue = models.DecimalField(_("goal: revenue (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    goal_margin = models.DecimalField(_("goal: margin (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    origin = models.CharField(max_length=60, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="measure_ends_after_it_starts"),
            models.UniqueConstraint(fields=["origin"], condition=~Q(origin=""), name="measure_once_per_origin"),
        ]

    def __str__(self) -> str:
        return self.title


class MeasureTransition(Transition):
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="transitions")
