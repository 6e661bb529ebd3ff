"""Business settings of this app with their defaults."""

from dataclasses import dataclass


class Visibility:
    COMPANY = "company"
    TEAM = "team"
    OWN = "own"


@dataclass(frozen=True)
class CustomersPreferences:
    section = "customers"

    visibility: str = Visibility.COMPANY
    """Whose customers a rep sees: everybody's, his team's with the unassigned, or his own."""
    permission_months: int = 36
    """A delivered order this recent makes a business customer callable (existing customer)."""
    pressure_days: int = 10
    """Working days that must lie between two selling contacts started by us."""
    pressure_most: int = 3
    """Selling contacts started by us that a customer may get in 90 days."""
    stale_after_days: int = 3
    """Order data older than this many working days show a banner."""
    rest_after_days: int = 10
    """Order data older than this many working days let reorder reasons rest."""
    abc_a_share: float = 0.80
    """Customers who together bring this share of the twelve months' margin are A, those up to the next share B."""
    abc_b_share: float = 0.95
    assumed_cm_ratio: float = 0.30
    """Margin per euro of revenue where costs are unknown and the product's group says nothing else; for ranking only."""
    mails_per_hour: int = 200
    """How many mails to customers' people leave in an hour; they go out on working days between `sends_from` and `sends_until`."""
    sends_from: int = 8
    sends_until: int = 17
