"""Who is meant by a Betreuer: a user by user name, e-mail, "Name, Vorname" or "Vorname Name"."""

from collections.abc import Iterator

from accounts.models import User
from accounts.permissions import allowed
from customers.imports.cells import CellError, folded, shown, words
from customers.imports.columns import Look, Parse


def owner(_look: Look) -> Parse:
    """A cleaner that knows everybody who can look after customers now; a blank cell is nobody."""
    known: dict[str, set[int]] = {}
    for user in User.objects.active():
        if allowed(user, "day.work"):
            for spelling in _spellings(user):
                known.setdefault(spelling, set()).add(user.pk)

    def find(raw: object) -> int | None:
        typed = words(raw)
        if not typed:
            return None
        found = known.get(_key(typed), set())
        if len(found) != 1:
            raise CellError("ambiguous_owner" if found else "unknown_owner", value=shown(typed))
        return next(iter(found))

    return find


def _spellings(user: User) -> Iterator[str]:
    names = (user.username, user.email, f"{user.last_name}, {user.first_name}", f"{user.first_name} {user.last_name}")
    yield from (key for name in names if (key := _key(name)))


def _key(name: str) -> str:
    """ "Lang, Anna" keeps its order apart from "Anna Lang" only by the comma, which is enough."""
    return name.strip().lower() if "@" in name else folded(name.replace(",", "0"))
