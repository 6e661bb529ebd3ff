from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """What came of it: reference customers, recommenders and the contacts they name."""

    name = "referrals"
