"""Counting how often each kind of reason was won, by ABC class of the customer."""

from collections import Counter

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce

from campaigns import sql
from campaigns.models import Opportunity
from customers.models.companies import AbcClass
from innendienst.lib.kept import keep_rows

State = Opportunity.State


def refresh_win_rates() -> Counter[str]:
    """Count all closed opportunities anew; rows written. Expired ones do not count: nobody tried."""
    closed = Opportunity.objects.for_system("win rates count all").filter(state__in=[State.WON, State.LOST, State.DISMISSED])
    abc_class = Coalesce("customer__facts__abc_class", Value(AbcClass.C))
    rates = closed.values_list("kind", abc_class).annotate(wins=Count("pk", filter=Q(state=State.WON)), closed=Count("pk"))
    return Counter(WinRate=keep_rows(sql.WIN_RATES, list(rates)))
