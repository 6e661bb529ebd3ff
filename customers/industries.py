"""What a page says about whole industries: added up once, however many customers there are."""

from collections import Counter

from customers import sql
from innendienst.lib.kept import keep


def refresh_industries() -> Counter[str]:
    """Count customers and revenue of each industry anew; rows written. Leads, inactive and merged customers are in none."""
    return Counter(IndustrySum=keep(sql.INDUSTRIES, sql.sum_industries, "1 = 1", []))
