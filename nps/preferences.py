"""Business settings of this app with their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NpsPreferences:
    section = "nps"

    relationship_rest_days: int = 180
    """Days for which nobody is asked again about the whole company."""
    transactional_rest_days: int = 90
    """Days for which nobody is asked again about an occasion."""
    reminds_after_days: int = 7
    expires_after_days: int = 21
    """Days after an invitation was sent for which its link stands, unless the survey closes earlier."""
    detractor_days: int = 2
    """Working days within which a critical answer is to be talked about."""
    passive_days: int = 5
    promoter_days: int = 3
    """Working days after which a promoter may be asked for a reference: never in the same breath as the survey."""
