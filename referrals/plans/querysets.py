"""Named reads of the reference plans."""

from typing import Self

from accounts.models import Role, User
from campaigns.plans.querysets import PlanQuerySet
from customers.models import Customer
from customers.preferences import CustomersPreferences, Visibility
from customers.querysets import CustomerQuerySet
from innendienst.base import preferences

_WHY = "a plan is seen as a whole by those who may see its customers"


class ReferencePlanQuerySet(PlanQuerySet):
    def visible_to(self, user: User) -> Self:
        """Plans name customers: where not everybody sees everybody, only those see a plan who see all customers of its team."""
        plans = super().visible_to(user)
        visibility = preferences.get(CustomersPreferences).visibility
        if visibility == Visibility.COMPANY or (user.team_id is None and user.role not in {Role.REP, Role.FIELD_SALES}):
            return plans
        sees_his_team = user.team_id is not None and (visibility == Visibility.TEAM or user.role == Role.MANAGER)
        return plans.filter(team=user.team_id) if sees_his_team else plans.none()


def customers_of(plan) -> CustomerQuerySet:
    """The customers a plan is about: its team's, without a team everybody's."""
    customers = Customer.objects.for_system(_WHY).filter(merged_into=None)
    return customers.filter(owner__team=plan.team_id) if plan.team_id else customers
