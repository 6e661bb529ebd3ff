"""Words written much like one that was typed, for a search that found nobody: "Ähnlich geschrieben: Müller (14)"."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from accounts.models import User
from customers.models import Contact, Customer, SearchToken
from customers.querysets import CustomerQuerySet
from innendienst.lib.folding import search_words, typed_words

SIMILAR_MOST = 3
_START = 3
_CANDIDATES_MOST = 2_000
_COUNTED_MOST = 99
_TEXTS_MOST = 20


@dataclass(frozen=True)
class Similar:
    """A word that some customers have and that is written much like the one typed."""

    word: str
    count: int

    @property
    def count_text(self) -> str:
        return f"{_COUNTED_MOST}+" if self.count > _COUNTED_MOST else str(self.count)


def find_similar(user: User, text: str) -> list[Similar]:
    """Words of visible customers that begin alike and are written much like the longest word of the text."""
    words = typed_words(text)
    wanted = max(words, key=len, default="")
    if len(wanted) < _START or wanted.isdecimal():
        return []
    visible = Customer.objects.visible_to(user).filter(merged_into=None)
    start = wanted[:_START]
    tokens = SearchToken.objects.filter(token__gte=start, token__lte=start + "zzzz", customer__in=visible.values("pk"))
    candidates = list(tokens.order_by().values_list("token", flat=True).distinct()[:_CANDIDATES_MOST])
    close = get_close_matches(wanted, candidates, n=SIMILAR_MOST, cutoff=0.6)
    return list(_spelled(user, visible, close))


def _spelled(user: User, visible: CustomerQuerySet, tokens: Iterable[str]) -> Iterable[Similar]:
    """Each folded word as a customer's or a person's name writes it, with the number of customers that have it."""
    for token in tokens:
        having = visible.filter(pk__in=SearchToken.objects.filter(token=token).values("customer"))
        count = having.order_by()[: _COUNTED_MOST + 1].count()
        yield Similar(_as_written(token, _texts_with(user, having, token)), count)


def _texts_with(user: User, having: CustomerQuerySet, token: str) -> list[str]:
    """Names and towns of some customers that have the word, those that are called so first, and of their people."""
    some = having.called_so_first([token]).values_list("pk", "name", "town")[:_TEXTS_MOST]
    people = Contact.objects.visible_to(user).filter(customer__in=[pk for pk, _name, _town in some]).values_list("last_name", flat=True)
    return [text for _pk, *texts in some for text in texts] + list(people)


def _as_written(token: str, texts: list[str]) -> str:
    words = (word.strip(",.&()") for text in texts for word in text.replace("-", " ").split())
    return next((word for word in words if search_words(word) == [token]), token.capitalize())
