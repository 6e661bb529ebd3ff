"""Template 4.1 as declarations: which sections and columns it has, and what a new plan begins with."""

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.models import User
from accounts.permissions import CAPABILITIES
from campaigns.measures.models import Measure, Possibility
from customers.models import ProductGroup
from customers.models.handovers import Criterion
from innendienst.lib.planning.columns import Column, Kind, Label, Section, Template
from innendienst.lib.prepared import Prepared

HEAD, DONE, IDEAS, MEASURES, RULES = "0", "A", "B", "C", "D"
MARGIN = "margin.see"

RATINGS = [("good", _("runs well")), ("more", _("could be more")), ("missing", _("missing"))]
PRIORITIES = [("A", "A"), ("B", "B"), ("C", "C")]
DECISIONS = [("do", _("carry out")), ("wait", _("put off")), ("drop", _("drop"))]
FIELD_SALES = [("no", _("no")), ("at_times", _("at times")), ("yes", _("yes"))]
CHANNELS = [("phone", _("Phone")), ("letter", _("Letter")), ("email", _("E-mail")), ("several", _("several"))]
SPEAKERS = [("inside_sales", _("Inside sales")), ("field_sales", _("Field sales")), ("both", _("both together"))]


_PLANNING = CAPABILITIES["plan.idea"] | CAPABILITIES["plan.edit"]
_PEOPLE = Prepared(lambda: User.objects.active().filter(role__in=_PLANNING).only("username", "first_name", "last_name"))
_GROUPS = Prepared(lambda: ProductGroup.objects.values_list("pk", "name"))


def people() -> list[tuple[str, str]]:
    """Who can be responsible: everybody who works opportunities or plans campaigns."""
    return [(str(user.pk), user.full_name) for user in _PEOPLE()]


def product_groups() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in _GROUPS()]


_SITUATIONS = [
    ("situation:personal_talk", _("The customer expects a personal talk")),
    ("situation:complex", _("Complex product, to be explained at length")),
    ("situation:on_site", _("Presentation on site needed")),
    ("situation:no_wire", _("Inside sales does not get through to the customer")),
    ("situation:regular", _("Existing customer who orders regularly")),
]


def _rule(situation: str, criterion: str, speaker: str, days: str) -> dict[str, Label]:
    return {"situation": f"situation:{situation}", "criterion": criterion, "speaker": speaker, "days": days}


_GOALS = (
    Column("goal_contacts", _("Goal: contacts"), Kind.COUNT, width=11),
    Column("goal_orders", _("Goal: orders"), Kind.COUNT, width=11),
    Column("goal_revenue", _("Goal: revenue"), Kind.MONEY, width=11),
    Column("goal_margin", _("Goal: margin"), Kind.MONEY, width=11, needs=MARGIN),
)
_ACTUALS = (
    Column("contacts", _("Actual: contacts"), Kind.COUNT, width=11, is_bound=True),
    Column("orders", _("Actual: orders"), Kind.COUNT, width=11, is_bound=True),
    Column("revenue", _("Actual: revenue"), Kind.MONEY, width=11, is_bound=True),
    Column("margin", _("Actual: margin"), Kind.MONEY, width=11, is_bound=True, needs=MARGIN),
)

SALES = Template(
    "sales",
    _("Bring inside sales into selling"),
    (
        Section(
            HEAD,
            _("Aim of the period"),
            _("What should be reached by the end of the period, and what has been."),
            (Column("aim", _("Aim in words"), width=40, leads=True), *_GOALS, *_ACTUALS),
            starts_with=({},),
            is_closed=True,
            blank_rows=1,
        ),
        Section(
            DONE,
            _("What do we do already?"),
            _("Collect what is done so far. Contacts, orders, revenue and margin are those of the period."),
            (
                Column("possibility", _("Possibility"), Kind.CHOICE, Possibility.choices, width=18, is_fixed=True, leads=True),
                Column("done", _("What is done so far?"), width=30, leads=True),
                Column("where", _("With which customers and products?"), width=26),
                Column("who", pgettext_lazy("plan", "Who?"), width=16),
                Column("contacts", pgettext_lazy("plan", "Contacts"), Kind.COUNT, width=11, is_bound=True),
                Column("orders", _("Orders"), Kind.COUNT, width=11, is_bound=True),
                Column("revenue", _("Revenue"), Kind.MONEY, width=11, is_bound=True),
                Column("margin", pgettext_lazy("plan", "Margin"), Kind.MONEY, width=11, is_bound=True, needs=MARGIN),
                Column("rating", _("Rating of it"), Kind.CHOICE, RATINGS, width=13),
            ),
            starts_with=tuple({"possibility": one.value} for one in Possibility),
            is_closed=True,
        ),
        Section(
            IDEAS,
            _("What would be possible?"),
            _(
                "Ideas of everybody. What an idea may bring is counted from the open reasons of its possibility and group of goods, "
                "and of the customers of a saved filter where the target group bears its name."
            ),
            (
                Column("possibility", _("Possibility"), Kind.CHOICE, Possibility.choices, width=16),
                Column("idea", _("Idea"), width=28, leads=True),
                Column("group", _("Product, service"), Kind.CHOICE, product_groups, width=16),
                Column("target", _("Target group"), width=16),
                Column("customers", _("Customers"), Kind.COUNT, width=11, is_bound=True),
                Column("revenue", _("Possible revenue"), Kind.MONEY, width=18, is_bound=True),
                Column("margin", _("Possible margin"), Kind.MONEY, width=13, is_bound=True, needs=MARGIN),
                Column("effort", _("Effort (hours)"), Kind.HOURS, width=11),
                Column("field_sales", _("Field sales needed?"), Kind.CHOICE, FIELD_SALES, width=13),
                Column("why_field_sales", _("Why field sales?"), width=14),
                Column("ways", _("Phone / letter / e-mail allowed"), width=12, is_bound=True),
                Column("priority", _("Priority"), Kind.CHOICE, PRIORITIES, width=9),
                Column("decision", _("Decision"), Kind.CHOICE, DECISIONS, width=14, leads=True),
            ),
            takes_ideas=True,
            add_label=_("Submit idea"),
            empty=_("No idea yet. Everybody who sells may add some."),
        ),
        Section(
            MEASURES,
            _("Plan of measures"),
            _("Who does what until when. What was reached is counted from the reasons of the possibility between start and end."),
            (
                Column("measure", _("Measure"), width=22, leads=True),
                Column("possibility", _("Possibility"), Kind.CHOICE, Possibility.choices, width=18),
                Column("target", _("Target group"), width=14),
                Column("channel", _("Way of contact"), Kind.CHOICE, CHANNELS, width=14),
                Column("benefit", _("Argument"), width=16),
                Column("owner", _("Responsible"), Kind.CHOICE, people, width=18),
                Column("with_whom", _("Together with"), width=12),
                Column("starts_on", _("Start"), Kind.DATE, width=13),
                Column("ends_on", _("End"), Kind.DATE, width=13),
                Column("budget", _("Budget"), Kind.MONEY, width=10),
                *_GOALS,
                Column("state", _("State"), Kind.CHOICE, Measure.State.choices, width=9, leads=True, copies_as=Measure.State.PLANNED),
                *_ACTUALS,
                Column("gap", _("Deviation (revenue)"), Kind.MONEY, width=14, is_bound=True),
                Column("next_step", _("Next step"), width=16),
                Column("remind_on", _("Follow-up"), Kind.DATE, width=18),
            ),
            empty=_("No measure yet. Add a row for each: what is done, who does it and until when."),
        ),
        Section(
            RULES,
            _("Rules of inside and field sales"),
            _("Who speaks to the customer, and from when on field sales does. With a tick it presets the hand-over."),
            (
                Column("situation", _("Situation"), choices=_SITUATIONS, width=30, leads=True),
                Column("criterion", _("Tick of the hand-over"), Kind.CHOICE, Criterion.choices, width=20),
                Column("speaker", _("Who speaks to him?"), Kind.CHOICE, SPEAKERS, width=18, leads=True),
                Column("from_when", _("From when on field sales?"), width=24),
                Column("days", _("Within (working days)"), Kind.COUNT, width=13),
                Column("feedback_to", _("Feedback to"), width=16),
            ),
            starts_with=(
                _rule("personal_talk", Criterion.EXPECTS_VISIT, "field_sales", "2"),
                _rule("complex", Criterion.COMPLEX, "both", "5"),
                _rule("on_site", Criterion.ON_SITE, "field_sales", "5"),
                _rule("no_wire", Criterion.NO_WIRE, "field_sales", "5"),
                _rule("regular", "", "inside_sales", ""),
            ),
        ),
    ),
    empty=_("No plan yet. It collects what is done, what would be possible and who does what until when; figures come from the data."),
)
