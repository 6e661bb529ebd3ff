"""Business settings of this app with their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CampaignsPreferences:
    section = "campaigns"

    dismissed_rest_days: int = 90
    """A suggestion that did not fit stays away this long."""
    lost_rest_days: int = 90
    won_rest_days: int = 30
    expired_rest_days: int = 30
    suggestion_days: int = 30
    """A suggestion nobody took up expires after this many days."""
    cross_sell_months: int = 24
    """Bought within this time counts as having it."""
    up_sell_months: int = 24
    """What has been in use this long may be followed by its successor."""
    ends_within_days: int = 60
    """So many days before a warranty or a contract ends the customer is told."""
    lift_least: float = 2.0
    """A learned pair is offered when its buyers have both at least so many times as often as all customers."""
    together_least: int = 20
    """So many customers must have both articles of a learned pair."""
    reorder_share: float = 0.5
    """So much of a day's list may be led by reorders, which partly come by themselves."""
    cross_sell_share: float = 0.3
    """So much of a day's list is kept for what is new to the customer, as far as there is any."""
    items_most: int = 12
    """So many articles of one reason are kept."""
    kinds_on_row_most: int = 3
    dunning_level_stops: int = 2
    """From this dunning level on nothing is sold."""
    same_matter_days: int = 5
    """Working days that must pass before a customer who was spoken with is called for his next reorders."""
    interest_days: int = 3
    """Working days without a step after which somebody interested is brought back."""
    quote_days: int = 3
    """Working days after which a quote that was sent is brought back."""
    quote_ends_days: int = 2
    """Working days before a quote ends on which it is brought back."""
    order_days: int = 30
    """An order belongs to what was agreed when it is dated at most so many days after it."""
    campaign_pause_days: int = 30
    """Who was contacted within so many days stays out of a campaign."""
    won_order_days: int = 10
    """Working days after which a won opportunity without an order is listed."""
