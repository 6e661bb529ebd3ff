"""An answered reason belongs to the product group of its article on top; its other articles stay a suggestion.

A suggestion gathers all articles of a kind, so that a customer has one chip for them. An answer is about less: who wants the
cleaner has said nothing of the towels. docs/decisions.md says which answers part a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from campaigns.models import Opportunity, OpportunityItem
from campaigns.reasons.loading import WHOLE, load_catalogue
from campaigns.reasons.suggestions import Item, Suggestion, Taken, Valued, value
from innendienst.lib.prepared import Param, Prepared
from innendienst.lib.transitions import StateConflict

State = Opportunity.State
VALUED = ("facts", "rank_value", "expected_revenue", "expected_margin")
"""The columns of an opportunity that say what its articles are worth."""

_WHY = "the articles of an answered reason"
_ITEMS = Prepared(lambda: OpportunityItem.objects.filter(opportunity=Param("opportunity")).select_related("product"))


@dataclass(frozen=True)
class Parted:
    """A reason in two: what the answer is about, and what stays a suggestion."""

    facts: Mapping[str, object]
    """What the reason as a whole says."""
    kept: Valued
    rest: Valued
    articles_count: int
    """All articles that the rest had, those beyond the ones kept included."""

    @property
    def changes(self) -> dict:
        """What becomes of the answered opportunity's own columns."""
        return _columns(self.facts, self.kept, len(self.kept.items))


def items_of(opportunity: Opportunity) -> list[OpportunityItem]:
    """Its articles, best first."""
    return list(_ITEMS(opportunity=opportunity.pk))


def of_top_group(items: Sequence[OpportunityItem], groups: Mapping[int, int | None]) -> list[OpportunityItem]:
    """The articles that an answer is about: those of the group on top; without a group the one on top alone.

    `groups` maps products to their groups.
    """
    group_id = groups[items[0].product_id] if items else None
    return [item for item in items if group_id is not None and groups[item.product_id] == group_id] or list(items[:1])


def part(opportunity: Opportunity, items: Sequence[OpportunityItem]) -> Parted | None:
    """How the reason falls into two; None where all its articles are of one group, or it is about the customer. Writes nothing."""
    kept = of_top_group(items, {item.product_id: item.product.group_id for item in items})
    rest = [item for item in items if item not in kept]
    if not rest or opportunity.kind in WHOLE:
        return None
    catalogue = load_catalogue({item.product_id for item in items}, [])

    def valued(several: Sequence[OpportunityItem]) -> Valued:
        told = [Item(item.product_id, item.facts, item.expected_revenue, item.expected_margin) for item in several]
        suggestion = Suggestion(opportunity.kind, told, opportunity.deadline_on)
        found = value(suggestion, catalogue, taken=Taken(), chance=opportunity.p_win, today=timezone.localdate(), items_most=len(several))
        assert found is not None
        return found

    return Parted(opportunity.facts, valued(kept), valued(rest), opportunity.facts.get("articles_count", len(items)) - len(kept))


def carry_out(opportunity: Opportunity, parted: Parted, owner_id: int | None) -> dict:
    """Move the rest's articles into a suggestion; answers what `join` needs to bring them back, as JSON.

    Where another suggestion of the kind stands already they are only set free: the next refresh finds them for that one.
    """
    moved = opportunity.items.filter(product__in=[item.product_id for item in parted.rest.items])
    before = [_stored(item) for item in moved]
    moved.delete()
    if _suggestions(opportunity).exists():
        return {"items": before, "suggestion": None}
    suggestion = Opportunity.objects.create(
        customer_id=opportunity.customer_id,
        kind=opportunity.kind,
        owner_id=owner_id,
        p_win=opportunity.p_win,
        urgency=parted.rest.urgency,
        deadline_on=opportunity.deadline_on,
        suggested_on=opportunity.suggested_on,
        **_columns(parted.facts, parted.rest, parted.articles_count),
    )
    OpportunityItem.objects.bulk_create(
        OpportunityItem(
            opportunity=suggestion,
            product_id=item.product_id,
            position=position,
            facts=item.facts,
            expected_revenue=item.revenue,
            expected_margin=item.margin,
        )
        for position, item in enumerate(parted.rest.items, start=1)
    )
    return {"items": before, "suggestion": suggestion.pk}


def join(opportunity: Opportunity, parted: dict) -> None:
    """Bring the parted articles back. Raises StateConflict where somebody answered for them meanwhile."""
    of_kind = Opportunity.objects.for_system(_WHY).filter(pk=parted["suggestion"])
    if of_kind.exclude(state=State.SUGGESTED).exists():
        raise StateConflict(f"opportunity {parted['suggestion']} was answered")
    of_kind.delete()
    OpportunityItem.objects.bulk_create(OpportunityItem(opportunity=opportunity, **item) for item in parted["items"])


def _columns(facts: Mapping[str, object], valued: Valued, articles_count: int) -> dict:
    return dict(zip(VALUED, ({**facts, "articles_count": articles_count}, valued.rank_value, valued.revenue, valued.margin), strict=True))


def _suggestions(opportunity: Opportunity):
    return Opportunity.objects.for_system(_WHY).suggested().filter(customer=opportunity.customer_id, kind=opportunity.kind)


def _stored(item: OpportunityItem) -> dict:
    margin = item.expected_margin
    return {
        "product_id": item.product_id,
        "position": item.position,
        "facts": item.facts,
        "expected_revenue": str(item.expected_revenue),
        "expected_margin": margin and str(margin),
    }
