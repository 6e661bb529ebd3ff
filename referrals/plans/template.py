"""Template 4.2 as declarations: which sections and columns it has, and what a new plan begins with."""

from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.models import User
from accounts.permissions import CAPABILITIES
from innendienst.lib.planning.columns import Column, Kind, Section, Template
from referrals.five_questions import LABELS, Question
from referrals.models.references import Outcome, UseKind
from referrals.models.referrals import Knows, ReferralContact, Thanks
from referrals.suitability import RATING_MOST

LIST, SUITABILITY, ASKING, USES, CONTACTS, GUIDE = "A", "B", "C", "D", "E", "F"
RATINGS = ("open_minded", "well_disposed", "well_connected")
FLAGS = ("is_industry_leader", "is_technology_leader", "is_well_known", "is_strong_brand")

YES, NO = "yes", "no"
YES_NO = [(YES, _("yes")), (NO, _("no"))]
POINTS = [(str(value), str(value)) for value in range(RATING_MOST + 1)]
QUESTIONS = [(question.value, label) for question, label in LABELS.items()]
VERDICTS = [
    ("reference", _("Reference")), ("recommender", _("Recommendation")), ("both", pgettext_lazy("verdict", "both")), ("none", _("no")),
]  # fmt: skip
REQUESTS = [("recommend", _("Recommend us")), ("reference", _("Be a reference")), ("name", _("Name contacts"))]
CHANNELS = [("phone", _("Phone")), ("letter", _("Letter")), ("visit", pgettext_lazy("channel", "Visit"))]
ANSWERS = [
    ("thinking", _("thinks it over")), ("agreed", pgettext_lazy("answer", "agreed")), ("declined", pgettext_lazy("answer", "declined")),
]  # fmt: skip
PARTS = [
    ("opening", _("Opening")), ("question", _("Question")), ("time", _("Time to think")), ("handling", _("Handling of what he tells us")),
    ("thanks", _("Thanks")),
]  # fmt: skip
_GUIDE_TEXTS = {
    "opening": _("Good day …, you have been working with us for years, and I have the impression that you are content. Is that so?"),
    "question": _("Others in your industry ask us who works with our products. May we name you as a reference? Whom could we call, too?"),
    "time": _("You need not decide now. When may I call again: in two weeks?"),
    "handling": _("We only use what you have approved in writing, and you can take it back at any time."),
    "thanks": _("Thank you. I will tell you what came of it."),
}


def askers() -> list[tuple[str, str]]:
    """Who may ask customers, in the office or in the field."""
    people = User.objects.active().filter(role__in=CAPABILITIES["reference.ask"])
    return [(str(user.pk), user.full_name) for user in people]


_CUSTOMER = Column("customer", _("Customer (name or number)"), width=26, leads=True)

REFERENCES = Template(
    "references",
    _("Reference customers and recommendations: asking and planning"),
    (
        Section(
            LIST,
            _("Go through the list of customers"),
            _("Five questions. Hits are counted from the data; answers in surveys count, and name nobody here."),
            (
                Column("question", _("Question"), Kind.CHOICE, QUESTIONS, width=40, is_fixed=True, leads=True),
                Column("hits", _("Hits"), Kind.COUNT, width=8, is_bound=True, leads=True),
                Column("customers", _("Customers"), width=40, is_bound=True),
                Column("chosen", pgettext_lazy("plan", "Chosen"), width=36),
            ),
            starts_with=tuple({"question": one.value} for one in Question),
            is_closed=True,
        ),
        Section(
            SUITABILITY,
            _("Suitability"),
            _("Who suits as a reference, and who as a recommender. References on record stand here by themselves; add whom you think of."),
            (
                _CUSTOMER,
                Column("contact", _("Contact"), width=16),
                Column("since", _("Customer since"), width=9, is_bound=True),
                Column("regular", _("Regular customer"), Kind.CHOICE, YES_NO, width=14, is_bound=True),
                Column("open_minded", _("Open-minded"), Kind.CHOICE, POINTS, width=15),
                Column("well_disposed", _("Well disposed"), Kind.CHOICE, POINTS, width=11),
                Column("well_connected", _("Well connected"), Kind.CHOICE, POINTS, width=11),
                Column("is_industry_leader", _("Leads its industry"), Kind.CHOICE, YES_NO, width=18),
                Column("is_technology_leader", _("Leads in technology"), Kind.CHOICE, YES_NO, width=18),
                Column("is_well_known", _("Well known"), Kind.CHOICE, YES_NO, width=11),
                Column("is_strong_brand", _("Strong brand"), Kind.CHOICE, YES_NO, width=11),
                Column("last_rating", _("Last NPS answer"), Kind.COUNT, width=10, is_bound=True, needs="nps.names"),
                Column("complaint", _("Open complaint"), Kind.CHOICE, YES_NO, width=13, is_bound=True),
                Column("suitability", _("Suitability"), Kind.COUNT, width=10, is_bound=True, leads=True),
                Column("verdict", _("Verdict"), Kind.CHOICE, VERDICTS, width=14),
                Column("reason", pgettext_lazy("plan", "Reason"), width=24),
            ),
            takes_ideas=True,
            add_label=pgettext_lazy("plan", "Add customer"),
            empty=_("Nobody is rated yet. Add whom you think of, or rate customers in the five questions."),
        ),
        Section(
            ASKING,
            _("Asking"),
            _("Who asks whom for what, how long he may think it over, what he allows. Right moments bring customers here by themselves."),
            (
                _CUSTOMER,
                Column("occasion", _("Occasion, right moment"), width=18, is_bound=True),
                Column("request", _("Asked for"), Kind.CHOICE, REQUESTS, width=15),
                Column("asker", _("Who asks"), Kind.CHOICE, askers, width=16),
                Column("channel", _("Way of contact"), Kind.CHOICE, CHANNELS, width=15),
                Column("ask_on", _("Day"), Kind.DATE, width=14),
                Column("thinking_until", _("Time to think until"), Kind.DATE, width=14),
                Column("answer", _("Answer"), Kind.CHOICE, ANSWERS, width=14, leads=True),
                Column("scope", _("Scope (logo, quote, letter, visit, call, case study)"), width=24),
                Column("limits", _("Limits"), width=20),
                Column("valid_until", _("Valid until"), Kind.DATE, width=14),
                Column("released", _("Release is there"), Kind.CHOICE, YES_NO, width=12, is_bound=True),
                Column("remind_on", _("Follow-up"), Kind.DATE, width=16),
            ),
            takes_ideas=True,
            add_label=pgettext_lazy("plan", "Add customer"),
            empty=_("Nobody is to be asked yet. Add whom you want to ask."),
        ),
        Section(
            USES,
            _("Use, feedback, thanks"),
            _("Each use of the period, and what the customer heard of it. Uses on record stand here by themselves."),
            (
                _CUSTOMER,
                Column("used_on", _("Date"), Kind.DATE, width=14, leads=True),
                Column("prospect", _("Prospect"), width=26),
                Column("kind", _("Kind of use"), Kind.CHOICE, UseKind.choices, width=22),
                Column("outcome", pgettext_lazy("reference", "Outcome"), Kind.CHOICE, Outcome.choices, width=18),
                Column("told_on", _("Feedback on"), Kind.DATE, width=14),
                Column("thanked_on", _("Thanks on"), Kind.DATE, width=14),
                Column("how", _("How"), Kind.CHOICE, Thanks.How.choices, width=18),
                Column("value", _("Value"), Kind.MONEY, width=12),
            ),
            is_log=True,
            empty=_("No reference was used in this period."),
        ),
        Section(
            CONTACTS,
            _("Referral contacts"),
            _("Whom recommenders named. Name and phone come from the record: the number only once there is a basis to call."),
            (
                Column("recommender", _("Recommender"), width=20, leads=True),
                Column("company", _("Company"), width=20, leads=True),
                Column("contact", _("Contact"), width=16, is_bound=True),
                Column("phone", _("Phone"), width=16, is_bound=True),
                Column("named_on", _("Named on"), Kind.DATE, width=14),
                Column("knows", _("Does the contact know?"), Kind.CHOICE, Knows.choices, width=14),
                Column("may_name", _("Recommender may be named"), Kind.CHOICE, YES_NO, width=12),
                Column("way", _("Way allowed"), width=12, is_bound=True),
                Column("informed_on", _("Informed (Art. 14) on"), Kind.DATE, width=14),
                Column("called_on", _("First call on"), Kind.DATE, width=14),
                Column("caller", _("First call by"), Kind.CHOICE, askers, width=14),
                Column("told_on", _("Recommender informed on"), Kind.DATE, width=14),
                Column("result", _("Result"), Kind.CHOICE, ReferralContact.State.choices, width=15, leads=True),
                Column("won", _("New customer"), Kind.CHOICE, YES_NO, width=12, is_bound=True),
                Column("revenue", _("Revenue 12 months"), Kind.MONEY, width=13, is_bound=True),
                Column("thanked_on", _("Thanks on"), Kind.DATE, width=12),
            ),
            is_log=True,
            empty=_("Nobody was named in this period. Contacts are entered on the recommender's page: “Add referral”."),
        ),
        Section(
            GUIDE,
            _("Call guide"),
            _("What you say, in your own words."),
            (
                Column("part", pgettext_lazy("call guide", "Part"), Kind.CHOICE, PARTS, width=26, is_fixed=True, leads=True),
                Column("text", _("Words"), width=40, leads=True),
            ),
            starts_with=tuple({"part": code, "text": _GUIDE_TEXTS[code]} for code, _label in PARTS),
            is_closed=True,
        ),
    ),
    empty=_(
        "No plan yet. It collects who suits as a reference or a recommender, whom to ask when, and where thanks are due; what is on "
        "record stands in it by itself."
    ),
)
