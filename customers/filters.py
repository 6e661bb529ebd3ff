"""What the customer list can be narrowed by. Every filter stands in the address, so that a list can be shared."""

from copy import copy
from functools import cache, cached_property, lru_cache

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Customer, CustomerTag
from customers.models.companies import AbcClass
from customers.querysets import CustomerQuerySet, searched_words
from customers.word_search import hits_to_read
from innendienst.lib.folding import business_key, search_words
from innendienst.lib.paging import are_more
from innendienst.lib.typed import parse_id

MINE = "mine"
UNASSIGNED = "unassigned"


class _Filters(dict):
    """Filters by name. Each list gets copies that share what never changes; all the way down they cost as much as ten rows of it."""

    def __deepcopy__(self, _memo: dict) -> dict:
        return {name: _own(one) for name, one in self.items()}


def _own(shared: django_filters.Filter) -> django_filters.Filter:
    own = copy(shared)
    own.method = shared.method  # a filter with a method is bound to itself
    return own


class CustomerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="filter_text")
    owner = django_filters.CharFilter(label=_("Owner"), method="filter_owner")
    abc = django_filters.ChoiceFilter(label=_("ABC class"), field_name="facts__abc_class", choices=AbcClass.choices)
    place = django_filters.CharFilter(label=_("Town or postcode"), method="filter_place")
    industry = django_filters.CharFilter(label=_("Industry"), field_name="industry", lookup_expr="istartswith")
    tag = django_filters.CharFilter(label=_("Tag"), method="filter_tag")
    inactive = django_filters.BooleanFilter(label=_("Inactive too"), method="filter_inactive")

    class Meta:
        model = Customer
        fields: list[str] = []

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @classmethod
    def get_filters(cls) -> _Filters:
        return _Filters(super().get_filters())

    @classmethod
    @cache
    def form_class(cls) -> type[forms.Form]:
        """Made once instead of for each list: the fields are the same for everybody."""
        return super(CustomerFilter, cls(user=None)).get_form_class()

    @cached_property
    def form(self) -> forms.Form:
        return _checked(self.form_class(), self.data.urlencode())

    def filter_queryset(self, _queryset: CustomerQuerySet) -> CustomerQuerySet:
        """Of the own queryset. Without those that were merged into another, and without inactive ones unless they were asked for."""
        return self._narrowed.matching(self.text)

    def found_widely(self, counted_most: int) -> CustomerQuerySet:
        """What the list finds where its text finds more than anybody counts, else nobody: the quick way to a page of them."""
        first_hits = self._narrowed.matching(self.text, hits_to_read(counted_most))
        return self._narrowed.matching_widely(self.text).filter(are_more(first_hits, counted_most))

    @property
    def text(self) -> str:
        """What is searched for, "" for nothing or for filters that are wrong."""
        return self.form.cleaned_data.get("q", "") if self.form.is_valid() else ""

    @property
    def words(self) -> list[str]:
        """The words of what is searched for."""
        return searched_words(self.text)

    @property
    def is_words_alone(self) -> bool:
        """Whether nothing but words narrows the list, which numbers are not, and the user sees all customers."""
        chosen = {name for name, value in self.form.cleaned_data.items() if value} if self.form.is_valid() else set()
        has_digits = any(char.isdecimal() for word in self.words for char in word)
        return chosen == {"q"} and bool(self.words) and not has_digits and self.queryset.is_everybody

    @cached_property
    def _narrowed(self) -> CustomerQuerySet:
        hidden = {} if self.form.cleaned_data.get("inactive") else {"is_inactive": False}
        return super().filter_queryset(self.queryset.all()).filter(merged_into=None, **hidden)

    def filter_text(self, queryset: CustomerQuerySet, _name: str, _text: str) -> CustomerQuerySet:
        """Handled for the whole list in filter_queryset."""
        return queryset

    def filter_owner(self, queryset: CustomerQuerySet, _name: str, owner: str) -> CustomerQuerySet:
        return of_owner(queryset, owner, self.user)

    def filter_place(self, queryset: CustomerQuerySet, _name: str, place: str) -> CustomerQuerySet:
        """By the beginning of the postcode, by the town in any spelling, or by both: "01067 Dresden"."""
        postcode, _blank, rest = place.partition(" ") if place[:1].isdecimal() else ("", "", place)
        if postcode:
            queryset = queryset.filter(postcode__gte=postcode, postcode__lte=postcode + "zzzz")
        return queryset.filter(town__in=_towns(queryset, rest)) if rest.strip() else queryset

    def filter_tag(self, queryset: CustomerQuerySet, _name: str, tag: str) -> CustomerQuerySet:
        borne = CustomerTag.objects.for_system("among rows found by visible_to").filter(tag__key=business_key(tag))
        return queryset.filter(pk__in=borne.values("customer"))

    def filter_inactive(self, queryset: CustomerQuerySet, _name: str, _value: bool) -> CustomerQuerySet:
        """Handled for the whole list in filter_queryset: hiding them is what happens without a filter."""
        return queryset


@lru_cache(maxsize=200)
def _checked(form_class: type[forms.Form], query: str) -> forms.Form:
    """What was asked for, checked. Texts are all there is to check, so the same address means the same to everybody."""
    form = form_class(QueryDict(query))
    form.is_valid()
    return form


def of_owner(rows: QuerySet, text: str, user: User) -> QuerySet:
    """Rows with an `owner` whose it is: the user himself, nobody, or whoever has that id; all of them where the text says nothing."""
    if text == MINE:
        return rows.filter(owner=user)
    owner_id = parse_id(text)
    return rows.filter(owner=owner_id) if owner_id is not None or text == UNASSIGNED else rows


def _towns(queryset: CustomerQuerySet, text: str) -> list[str]:
    """The towns meant by a text: the search index finds candidates, and their few towns are compared folded."""
    wanted = search_words(text)
    candidates = queryset.matching(text).order_by().values_list("town", flat=True).distinct()
    return [town for town in candidates if _has_words(search_words(town), wanted)]


def _has_words(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in wanted)
