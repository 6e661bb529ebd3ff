from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """What came of it. Nothing here yet: reference customers and referrals come with their own tables."""

    name = "referrals"
