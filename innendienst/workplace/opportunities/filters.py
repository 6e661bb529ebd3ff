"""What the list of opportunities can be narrowed by; every filter stands in the address."""

import django_filters
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from campaigns.models import Kind, Opportunity, OrderMatch
from campaigns.preferences import CampaignsPreferences
from campaigns.querysets import OpportunityQuerySet
from campaigns.reminders import ORIGIN
from customers.filters import of_owner
from customers.models import Customer, FollowUp
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days

State = Opportunity.State
ALL, WITHOUT_ORDER, ASKED, BOUGHT = "all", "without_order", "asked", "bought"
STATES = [
    *State.choices,
    (ASKED, OrderMatch.State.ASKED.label),
    (WITHOUT_ORDER, _("Won without order")),
    (BOUGHT, OrderMatch.State.BOUGHT.label),
    (ALL, _("All, closed ones too")),
]
DUE = [("today", _("due today")), ("planned", _("with a date"))]
VALUES = (50, 200, 1000)


class OpportunityFilter(django_filters.FilterSet):
    """Without a state those that are open; a value is what it may bring as probable as it is, in euros."""

    q = django_filters.CharFilter(label=_("Customer"), method="filter_text")
    kind = django_filters.ChoiceFilter(label=_("Reason"), choices=Kind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="filter_state")
    owner = django_filters.CharFilter(label=_("Owner"), method="filter_owner")
    team = django_filters.ModelChoiceFilter(label=_("Team"), queryset=Team.objects.all(), field_name="owner__team")
    value = django_filters.TypedChoiceFilter(
        label=_("Value"), choices=[(value, value) for value in VALUES], coerce=int, field_name="rank_value", lookup_expr="gte"
    )
    due = django_filters.ChoiceFilter(label=_("Due"), choices=DUE, method="filter_due")

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def filter_queryset(self, queryset: OpportunityQuerySet) -> OpportunityQuerySet:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.exclude(state__in=Opportunity.CLOSED)

    def filter_text(self, queryset: OpportunityQuerySet, _name: str, text: str) -> OpportunityQuerySet:
        customers = Customer.objects.visible_to(self.user).matching(text)
        return queryset.filter(customer__in=customers.values("pk"))

    def filter_state(self, queryset: OpportunityQuerySet, _name: str, state: str) -> OpportunityQuerySet:
        if state == ALL:
            return queryset
        if state == ASKED:
            return queryset.asked_about()
        if state == WITHOUT_ORDER:
            return without_order(queryset)
        return queryset.filter(is_bought_unasked=True) if state == BOUGHT else queryset.filter(state=state)

    def filter_owner(self, queryset: OpportunityQuerySet, _name: str, owner: str) -> OpportunityQuerySet:
        return of_owner(queryset, owner, self.user)

    def filter_due(self, queryset: OpportunityQuerySet, _name: str, due: str) -> OpportunityQuerySet:
        origin = Concat(Value(ORIGIN), Cast(OuterRef("pk"), CharField()), output_field=CharField())
        follow_ups = FollowUp.objects.visible_to(self.user).open().filter(customer=OuterRef("customer"), origin=origin)
        today = timezone.localdate()
        if due == "planned":
            return queryset.filter(Exists(follow_ups) | Q(deadline_on__isnull=False))
        return queryset.filter(Exists(follow_ups.filter(due_on__lte=today)) | Q(deadline_on__lte=today))


def without_order(opportunities: OpportunityQuerySet) -> OpportunityQuerySet:
    """Won ones whose order the ERP has not shown for so many working days that somebody should ask."""
    days, state = preferences.get(CampaignsPreferences).won_order_days, preferences.get(CompanyPreferences).state
    return opportunities.filter(state=State.WON, order_number="", won_on__lte=add_working_days(timezone.localdate(), -days, state))
