"""Named reads of the tables that lead to customers. `visible_to(user)` is the only door."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Case, Count, Func, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import allowed
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.lib.folding import typed_keys, typed_words
from innendienst.lib.guarded import GuardedQuerySet
from innendienst.lib.money import money_sum
from innendienst.lib.phones import search_digits

SEARCH_WORDS_MOST = 6


def day_or_never(column: str) -> Coalesce:
    """A day to sort by: no day is the longest ago. The indexes of CustomerFacts hold the same expression."""
    return Coalesce(models.F(column), models.Value(dt.date.min, output_field=models.DateField()))


class CustomerQuerySet(GuardedQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those the user may see by the setting `visibility`; roles without a team see all.

        Nothing that is his to do is hidden from anybody: a team's view adds to what he would see alone.
        """
        opened = self._opened()
        visibility = preferences.get(CustomersPreferences).visibility
        if visibility == Visibility.COMPANY or (user.team_id is None and user.role not in {Role.REP, Role.FIELD_SALES}):
            return opened
        seen = self._entrusted_to(user)
        if visibility == Visibility.TEAM or user.role == Role.MANAGER:
            seen |= Q(owner__in=User.objects.filter(team=user.team_id).values("pk")) | Q(owner=None)
        elif allowed(user, "day.work"):
            seen |= Q(owner=None)  # the pool that his list draws from
        return opened.filter(seen)

    @property
    def is_everybody(self) -> bool:
        """Whether nothing limits it, as `visible_to` leaves it for whoever sees all."""
        return not self.query.where and not self.query.combinator

    def _entrusted_to(self, user: User) -> Q:
        """His own, those of colleagues he stands in for, and whomever a follow-up brings to him."""
        today = timezone.localdate()
        absent = User.objects.deputised_by(user, today).values("pk")
        follow_ups = self.model.follow_ups.rel.related_model.objects.for_system("what is his to do").open().for_person(user, today)
        own = Q(owner=user) | Q(field_owner=user)
        return own | Q(owner__in=absent) | Q(field_owner__in=absent) | Q(pk__in=follow_ups.values("customer"))

    def unassigned(self) -> Self:
        """Customers without a Betreuer: the pool of the house."""
        return self.filter(owner=None)

    def matching(self, text: str, hits_most: int | None = None) -> Self:
        """Those that have every word of `text` (at least as a beginning) in name, town, number, contacts, phone, mail.

        An empty text filters nothing. Words meet among themselves before the customers are looked at: only among the first so
        many hits, whichever these are, with `hits_most`.
        """
        having = self._having(text)
        return self if having is None else self.filter(pk__in=having[:hits_most])

    def matching_widely(self, text: str) -> Self:
        """As `matching`: the quicker way to a page, in the list's order, of a text that more than a thousand customers fit."""
        having = self._having(text)
        if having is None:
            return self
        return self.filter(IsAmongHits(having))

    def _having(self, text: str) -> QuerySet | None:
        """The customers' ids by their words; None for a text without any."""
        tokens = self.model.search_tokens.rel.related_model._base_manager
        digits = search_digits(text)
        if len(digits) >= 4 and not any(char.isalpha() for char in text):
            return tokens.filter(_begins_with(digits) | _begins_with("".join(text.split())) | _is_number(digits)).values("customer")
        typed = (_begins_with(word) | _is_number(word) if word.isdecimal() else _begins_with(word) for word in searched_words(text))
        return hits_of(tokens, typed)

    def called_so_first(self, words: list[str], user: User | None = None) -> Self:
        """In order of names; who holds the first folded word in his name comes before who employs somebody called so.

        Among equals the customers that the user looks after come first.
        """
        is_called_so = Case(When(sort_key__contains=words[0], then=1), default=0) if words else models.Value(0)
        is_own = Case(When(owner=user, then=1), default=0) if user else models.Value(0)
        return self.annotate(is_called_so=is_called_so, is_own=is_own).order_by("-is_called_so", "-is_own", "sort_key", "pk")


def searched_words(text: str) -> list[str]:
    """The folded words that count of what was typed."""
    return typed_words(text)[:SEARCH_WORDS_MOST]


def hits_of(tokens: QuerySet, words: Iterable[Q]) -> QuerySet | None:
    """The customers' ids that have a token for each of the words; None without words."""
    having = None
    for word in words:
        of_word = tokens.filter(word)
        having = (of_word if having is None else of_word.filter(customer__in=having)).values("customer")
    return having


def last_beginning_with(word: str) -> str:
    """The end of the range of tokens that begin with the word."""
    return word + "zzzz"


def within(first: str | Expression, last: str | Expression) -> Q:
    """Whether a token stands in a range of them."""
    return Q(token__gte=first, token__lte=last)


def _begins_with(word: str) -> Q:
    return within(word, last_beginning_with(word))


def _is_number(digits: str) -> Q:
    """A number whose leading zeros nobody types."""
    return Q(token__in=typed_keys(digits))


class IsAmongHits(Func):
    """Whether a customer is among hits that are many; asked of one after the other in the list's order, which soon meets enough.

    Without IS TRUE the database would look up the customers of all hits first and sort them. As it is, it reads the hits once and
    keeps them in mind, or, where they are too many for that, asks the index of words for each customer.
    """

    output_field = models.BooleanField()
    conditional = True
    template = "(EXISTS (SELECT 1 FROM {hits} AS hit WHERE hit.customer = {customer})) IS TRUE"

    def __init__(self, having: QuerySet) -> None:
        super().__init__(models.F("pk"), Subquery(having))

    def as_sql(self, compiler, connection, **_extra_context: object) -> tuple[str, list]:
        (customer, of_customer), (hits, of_hits) = map(compiler.compile, self.get_source_expressions())
        return self.template.format(customer=customer, hits=hits), [*of_hits, *of_customer]


class CustomerLinkedQuerySet(GuardedQuerySet):
    """Rows that lead to one customer by their column `customer`: visible when the customer is."""

    def visible_to(self, user: User) -> Self:
        customers = self.model._meta.get_field("customer").remote_field.model.objects.visible_to(user)
        opened = self._opened()
        return opened if customers.is_everybody else opened.filter(customer__in=customers.values("pk"))


class ActivityQuerySet(CustomerLinkedQuerySet):
    def standing(self) -> Self:
        """Without those that were undone or corrected by a later one."""
        return self.filter(voided_at=None, corrections=None)

    def spoken(self) -> Self:
        """Calls in which somebody was reached."""
        return self.standing().filter(kind="call").exclude(outcome="not_reached")

    def to_one(self) -> Self:
        """Calls and letters with this customer in mind: without what many got alike."""
        return self.standing().filter(kind__in=["call", "letter"])

    def latest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class FollowUpQuerySet(CustomerLinkedQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def ticked(self) -> Self:
        """Those done without a call that tells of it."""
        return self.filter(done_at__isnull=False, done_by=None)

    def due(self, today: dt.date) -> Self:
        """Open ones of today and of the days before."""
        return self.open().filter(due_on__lte=today)

    def for_person(self, user: User, today: dt.date) -> Self:
        """Those that are the user's to do: his own, those of colleagues he stands in for or who left his team, his team's pool."""
        colleagues = User.objects.followed_up_by(user, today)
        mine = Q(assignee=user) | Q(assignee__in=colleagues.values("pk"))
        if user.team_id:
            mine |= Q(assignee=None, team=user.team_id)
        return self.filter(mine)


class ComplaintQuerySet(CustomerLinkedQuerySet):
    def unresolved(self) -> Self:
        """Those during which selling rests."""
        return self.exclude(state__in=self.model.SETTLED)


class HandoverQuerySet(CustomerLinkedQuerySet):
    def open(self) -> Self:
        """Those under way: field sales is asked, or has the customer."""
        return self.filter(state__in=self.model.OPEN)

    def asked_of(self, user: User, today: dt.date) -> Self:
        """Those that are the user's to answer: his own, and those of colleagues he stands in for or who left his team."""
        return self.filter(Q(to=user) | Q(to__in=User.objects.followed_up_by(user, today).values("pk")))


class NeedQuerySet(CustomerLinkedQuerySet):
    def known(self) -> Self:
        """Those that say something."""
        return self.exclude(supplier="", yearly_need=None, contract_until=None)


class OrderQuerySet(CustomerLinkedQuerySet):
    def with_value(self) -> Self:
        """With `revenue_net`, the sum of the lines that count (cancelled ones do not), and `lines_count`."""
        lines = self.model.lines.rel.related_model._base_manager.filter(order=OuterRef("pk")).order_by().values("order")
        counted = lines.exclude(status="cancelled")
        return self.annotate(
            revenue_net=Subquery(counted.annotate(total=money_sum("revenue_net")).values("total")),
            lines_count=Subquery(lines.annotate(count=Count("pk")).values("count")),
        )


class MessageQuerySet(models.QuerySet):
    def sendable(self, now: dt.datetime) -> Self:
        """Waiting ones whose time has come, and those whose sender died: their lease ran out."""
        waiting = Q(state="queued") & (Q(not_before=None) | Q(not_before__lte=now))
        orphaned = Q(state__in=["sending", "unsure"], lease_until__lt=now)
        return self.filter(waiting | orphaned)
