"""Business settings of this app with their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReferralsPreferences:
    section = "referrals"

    thinking_days: int = 14
    """Time to think that is offered to a customer."""
    asked_again_months: int = 12
    """So long after a "no" or a bad answer in a survey nobody asks for a reference."""
    uses_per_quarter_most: int = 2
    days_between_uses: int = 14
    feedback_days: int = 10
    """Working days after a use, or after a contact became a customer, within which we report back and say thank you."""
    inform_days: int = 5
    """Working days after the first contact within which the recommender hears of it."""
    notice_reminder_days: int = 20
    """Days after a contact was named on which the notice of Art. 14 GDPR is asked for."""
    notice_days: int = 30
    """Days after which a contact without that notice may not be contacted any more."""
    kept_months: int = 6
    """A contact without result is erased after this time."""
    regular_orders: int = 3
    """Orders in 12 months that make a regular customer, together with the years."""
    regular_years: int = 2
    moment_amount: int = 5_000
    """Net euros from which a delivery is a right moment, for whatever customer."""
    moments_most: int = 3
    """So many right moments stand on a person's list at once."""
    gift_limit: int = 50
    """Euros per recipient and business year above which a gift is pointed out (§ 4 (5) no. 1 EStG)."""
