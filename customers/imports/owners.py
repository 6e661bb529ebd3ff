"""Who is meant by a Betreuer: a user by user name, e-mail, "Name, Vorname" or "Vorname Name", else whom somebody chose for it."""

from collections.abc import Iterator

from accounts.models import User
from accounts.permissions import allowed
from customers.imports import answers
from customers.imports.answers import KEY_MOST, POOL, Question, Topic
from customers.imports.cells import CellError, folded, shown, words
from customers.imports.columns import Look, Parse


def possible_owners() -> list[User]:
    """Everybody who can look after customers now."""
    return [user for user in User.objects.active() if allowed(user, "day.work")]


class OwnerNames:
    """Reads the column Betreuer and remembers which spellings mean nobody, or several."""

    def __init__(self) -> None:
        self._users: dict[str, set[int]] = {}
        self._answers: dict[str, str] = {}
        self._strange: dict[str, str] = {}

    def maker(self, _look: Look) -> Parse:
        """A cleaner of names, a blank cell is nobody; asking for it looks up who there is and what was answered before."""
        for user in possible_owners():
            for spelling in _spellings(user):
                self._users.setdefault(spelling, set()).add(user.pk)
        able = {str(pk) for pks in self._users.values() for pk in pks}
        self._answers = {key: said for key, said in answers.known(Topic.OWNER).items() if said == POOL or said in able}
        return self.find

    def find(self, raw: object) -> int | None:
        typed = words(raw)
        if not typed:
            return None
        found = self._users.get(key := _key(typed), set())
        if len(found) == 1:
            return next(iter(found))
        self._strange.setdefault(key := key[:KEY_MOST], shown(typed))
        if key not in self._answers:
            raise CellError("ambiguous_owner" if found else "unknown_owner", value=shown(typed))
        return None if self._answers[key] == POOL else int(self._answers[key])

    def questions(self) -> list[Question]:
        """Each spelling that is nobody's; whoever has left since he was chosen is asked for again."""
        return [
            Question(Topic.OWNER, key, text, self._answers.get(key, ""), is_open=key not in self._answers)
            for key, text in self._strange.items()
        ]


def _spellings(user: User) -> Iterator[str]:
    names = (user.username, user.email, f"{user.last_name}, {user.first_name}", f"{user.first_name} {user.last_name}")
    yield from (key for name in names if (key := _key(name)))


def _key(name: str) -> str:
    """ "Lang, Anna" keeps its order apart from "Anna Lang" only by the comma, which is enough."""
    return name.strip().lower() if "@" in name else folded(name.replace(",", "0"))
