"""Which planning templates there are: each with its tables and where its bound cells come from."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from accounts.models import User
from campaigns.plans.binding import bind as bind_sales
from campaigns.plans.models import SalesPlan
from innendienst.lib.planning.columns import Template
from innendienst.lib.planning.models import Binder


@dataclass(frozen=True)
class PlanKind:
    """`leads` are what a row's link leads to: the field of the row and the name of the page it opens."""

    document: type[Any]
    bind: Binder
    leads: tuple[tuple[str, str], ...] = ()

    @property
    def template(self) -> Template:
        return self.document.template


_SALES = PlanKind(SalesPlan, bind_sales, (("measure", "measures:detail"), ("campaign", "campaigns:detail")))
KINDS: dict[str, PlanKind] = {one.template.code: one for one in (_SALES,)}


def known_kind(code: str) -> PlanKind:
    """Raises Http404 for a template that does not exist."""
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def found_document(user: User, code: str, pk: int) -> Any:
    """A document of a kind that the user may see, with team and author. Raises Http404."""
    found = known_kind(code).document.objects.visible_to(user).select_related("team", "owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
