"""Who works at the invented company: two teams of inside sales, field sales, marketing, managers, an administrator."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Role
from innendienst.lib.dates import add_working_days
from innendienst.lib.folding import without_accents

COMPANY = "Feudelhagen Reinigungstechnik GmbH"
COMPANY_STATE = "SN"
COMPANY_ADDRESS = "Wischgasse 7, 01067 Dresden"
MAIL_DOMAIN = "feudelhagen.example"
TEAMS = {"Nord": "SN", "Süd": "BY"}
DEFAULT_SIGN_IN = "anna.lang"

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Colleague:
    first_name: str
    last_name: str
    role: str
    team: str | None = None
    list_length: int = 15

    @property
    def username(self) -> str:
        return f"{user_word(self.first_name)}.{user_word(self.last_name)}"

    @property
    def email(self) -> str:
        return f"{self.username}@{MAIL_DOMAIN}"


def user_word(name: str) -> str:
    """A name as it stands in addresses: "Krüger" becomes "krueger", "van den Berg" "vandenberg"."""
    return "".join(char for char in without_accents(name.lower().translate(_UMLAUTS)) if char.isascii() and char.isalnum())


def _team(team: str, reps: str, field_sales: str, lead: str) -> tuple[Colleague, ...]:
    groups = ((Role.REP, reps), (Role.FIELD_SALES, field_sales), (Role.MANAGER, lead))
    return tuple(Colleague(*name.strip().split(" ", 1), role, team) for role, names in groups for name in names.split(","))


COLLEAGUES = (
    *_team("Nord", "Anna Lang, Torsten Krüger, Ayşe Yılmaz, Björn Hahn, Katrin Lorenz, Łukasz Kowalski, Monika Baumann, Uwe Schröder",
           "Dirk Lehmann, Andrea Voß", "Jörg Hartmann"),
    *_team("Süd", "Bernd Vogel, Claudia Huber, René Fuchs, Susanne König, Markus Mayer, Heike Böhm, Stefan Winkler, Zoë Günther",
           "Ralf Kaiser, Petra Scholz", "Sabine Werner"),
    Colleague("Nora", "Zimmermann", Role.MARKETING),
    Colleague("Carla", "Sommer", Role.MANAGER),
    Colleague("Dieter", "Berg", Role.ADMIN),
)  # fmt: skip


def usernames(team: str, role: str) -> tuple[str, ...]:
    return tuple(colleague.username for colleague in COLLEAGUES if (colleague.team, colleague.role) == (team, role))


REPS = {team: usernames(team, Role.REP) for team in TEAMS}
FIELD_SALES = {team: usernames(team, Role.FIELD_SALES) for team in TEAMS}


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which a deputy stands in for a colleague."""

    user: str
    deputy: str
    from_on: dt.date
    until_on: dt.date


def leaves(today: dt.date) -> tuple[Leave, ...]:
    """One colleague of each team is away around today, Anna's own holiday is still to come."""

    def around(user: str, deputy: str, first: int, last: int) -> Leave:
        return Leave(user, deputy, add_working_days(today, first), add_working_days(today, last))

    return (
        around("torsten.krueger", "anna.lang", -3, 4),
        around("claudia.huber", "bernd.vogel", -1, 6),
        around("anna.lang", "torsten.krueger", 15, 24),
    )
