"""The articles that opportunities speak about, and the words that somebody wrote about them."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from campaigns.models import Opportunity, OpportunityItem
from customers.models import Product, ProductRelation
from innendienst.lib.prepared import IdsParam, Prepared

_ITEMS = Prepared(
    lambda: (
        OpportunityItem.objects.filter(opportunity__in=IdsParam("opportunities"))
        .select_related("product__group")
        .order_by("opportunity_id", "position")
    )
)
_RELATIONS = Prepared(lambda: ProductRelation.objects.filter(pk__in=IdsParam("ids")).select_related("from_product").order_by())
_PRODUCTS = Prepared(lambda: Product.objects.filter(pk__in=IdsParam("ids")).order_by())


class Goods:
    """The articles and relations that some opportunities speak about: three queries at most, however many there are."""

    def __init__(self, opportunities: Sequence[Opportunity]) -> None:
        self._items: dict[int, list[OpportunityItem]] = defaultdict(list)
        items = list(_ITEMS(opportunities=[opportunity.pk for opportunity in opportunities])) if opportunities else []
        for item in items:
            self._items[item.opportunity_id].append(item)
        self._relations = _by_pk(_RELATIONS, {item.facts["relation"] for item in items if "relation" in item.facts})
        self.products = {item.product_id: item.product for item in items}
        self.products |= {relation.from_product_id: relation.from_product for relation in self._relations.values()}
        because = {item.facts["because"] for item in items if "because" in item.facts}
        self.products |= _by_pk(_PRODUCTS, because - self.products.keys())  # the relation is gone, what it said is still true

    def items_of(self, opportunity: Opportunity) -> list[OpportunityItem]:
        """Its articles, best first."""
        return self._items[opportunity.pk]

    def argument_of(self, item: OpportunityItem) -> str:
        """The one line that says why it fits, without its full stop; "" where nobody wrote one."""
        relation = self._relations.get(item.facts.get("relation"))
        return relation.argument.strip().removesuffix(".") if relation else ""


def _by_pk(rows: Prepared, ids: Collection[int]) -> dict:
    return {row.pk: row for row in rows(ids=ids)} if ids else {}
