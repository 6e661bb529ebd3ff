"""Where a reason comes from: its articles, the arithmetic of its value, and the order lines behind it. Read only when asked."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from campaigns.evidence import arithmetic, item_sentences
from campaigns.models import Opportunity
from campaigns.sentences import about_customer
from customers.models import OrderLine
from innendienst.lib import display

LINES_MOST = 24


@dataclass(frozen=True)
class Article:
    """What one article may bring if he buys it; `margin` is "–" where it is unknown."""

    sentence: SafeString
    revenue: str
    margin: str


@dataclass(frozen=True)
class Line:
    order_line: OrderLine
    quantity: str


@dataclass(frozen=True)
class Source:
    """`about` is what speaks for a reason that is about the customer, "" for one about articles."""

    opportunity: Opportunity
    about: str
    arithmetic: str
    articles: list[Article]
    lines: list[Line]
    shows_margin: bool

    @property
    def total(self) -> Article:
        """The sums of all articles, of which the arithmetic speaks; of those too that are not listed."""
        return Article(SafeString(), display.euros(self.opportunity.expected_revenue), display.euros(self.opportunity.expected_margin))

    @property
    def unlisted_count(self) -> int:
        return max(self.opportunity.facts.get("articles_count", 0) - len(self.articles), 0)


def load_source(user: User, opportunity: Opportunity, *, shows_margin: bool) -> Source:
    """The evidence behind a reason, article by article, and the youngest order lines of the goods it speaks of."""
    items = list(opportunity.items.all())
    spoken_of = {item.product_id for item in items} | {item.facts["because"] for item in items if "because" in item.facts}
    found = OrderLine.objects.visible_to(user).filter(customer=opportunity.customer_id, product__in=spoken_of)
    lines = found.select_related("product", "order").order_by("-ordered_on", "-pk")[:LINES_MOST]
    today = timezone.localdate()
    sentences = item_sentences(opportunity, today)
    return Source(
        opportunity=opportunity,
        about=about_customer(opportunity, today) or "",
        arithmetic=arithmetic(opportunity, show_margin=shows_margin),
        articles=[
            Article(text, display.euros(item.expected_revenue), display.euros(item.expected_margin))
            for text, item in zip(sentences, items, strict=False)
        ],
        lines=[Line(line, display.quantity(line.quantity, line.unit)) for line in lines],
        shows_margin=shows_margin,
    )
