"""What the list of references can be narrowed by; every filter stands in the address."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.filters import of_owner
from customers.models import Customer
from customers.models.companies import AbcClass
from referrals.finding import PERSONAL, free_on, using_product
from referrals.models import ReferenceCustomer, UseKind
from referrals.querysets import ReferenceQuerySet

State = ReferenceCustomer.State
USABLE, ON_THE_WAY, ALL = "usable", "on_the_way", "all"
STATES = [(USABLE, _("Usable now")), (ON_THE_WAY, _("On the way")), *State.choices, (ALL, _("All, ended ones too"))]
ENDED = (State.DECLINED, State.WITHDRAWN, State.EXPIRED)


class ReferenceFilter(django_filters.FilterSet):
    """Without a state those that have not ended. A kind asks for its release that stands in writing."""

    q = django_filters.CharFilter(label=_("Customer"), method="filter_text")
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="filter_state")
    kind = django_filters.ChoiceFilter(label=_("Kind of use"), choices=UseKind.choices, method="filter_kind")
    industry = django_filters.CharFilter(label=_("Industry"), field_name="customer__industry", lookup_expr="istartswith")
    size = django_filters.ChoiceFilter(label=_("ABC class"), field_name="customer__facts__abc_class", choices=AbcClass.choices)
    product = django_filters.CharFilter(label=_("Buys article"), method="filter_product")
    free = django_filters.BooleanFilter(label=_("Free for a call or visit"), method="filter_free")
    owner = django_filters.CharFilter(label=_("Owner"), method="filter_owner")

    class Meta:
        model = ReferenceCustomer
        fields: list[str] = []

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def filter_queryset(self, queryset: ReferenceQuerySet) -> ReferenceQuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.exclude(state__in=ENDED)

    def filter_text(self, queryset: ReferenceQuerySet, _name: str, text: str) -> ReferenceQuerySet:
        return queryset.filter(customer__in=Customer.objects.visible_to(self.user).matching(text).values("pk"))

    def filter_state(self, queryset: ReferenceQuerySet, _name: str, state: str) -> ReferenceQuerySet:
        groups = {USABLE: ReferenceCustomer.USABLE, ON_THE_WAY: ReferenceCustomer.ON_THE_WAY, ALL: State.values}
        return queryset.filter(state__in=groups.get(state, [state]))

    def filter_kind(self, queryset: ReferenceQuerySet, _name: str, kind: str) -> ReferenceQuerySet:
        return queryset.with_scope(timezone.localdate(), kind=kind)

    def filter_product(self, queryset: ReferenceQuerySet, _name: str, text: str) -> ReferenceQuerySet:
        return using_product(queryset, text)

    def filter_free(self, queryset: ReferenceQuerySet, _name: str, is_free: bool) -> ReferenceQuerySet:
        if not is_free:
            return queryset
        kind = self.form.cleaned_data.get("kind")
        return free_on(queryset.usable(), timezone.localdate(), [kind] if kind in PERSONAL else PERSONAL)

    def filter_owner(self, queryset: ReferenceQuerySet, _name: str, owner: str) -> ReferenceQuerySet:
        return queryset.filter(customer__in=of_owner(Customer.objects.visible_to(self.user), owner, self.user).values("pk"))
