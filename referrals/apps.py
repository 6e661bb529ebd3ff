from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """What came of it: reference customers, recommenders and the contacts they name."""

    name = "referrals"

    def ready(self) -> None:
        from referrals import receivers  # noqa: F401, PLC0415 - it connects itself once the models are there
