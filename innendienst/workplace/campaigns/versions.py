"""The concepts of a campaign as they were approved, in finished texts."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from campaigns.special.models import Campaign, CampaignVersion
from campaigns.special.words import condition_text
from innendienst.lib import display


class Version(NamedTuple):
    """A concept as it was approved: who and when, and what it said."""

    version: CampaignVersion
    rows: list[tuple[str, str]]
    offers: list[str]


def versions_of(campaign: Campaign) -> list[Version]:
    """The latest first, each as readable as the concept of today."""
    return [_version(one) for one in campaign.versions.select_related("by")]


def _version(version: CampaignVersion) -> Version:
    content = version.content
    first, last = (display.date(dt.date.fromisoformat(content[name])) for name in ("starts_on", "ends_on"))
    budget = display.euros(Decimal(content["budget"])) if content["budget"] else ""
    said = [
        (_("Name"), content["name"]),
        (_("Days"), f"{first}–{last}"),
        (_("Aim"), content["aim"]),
        (_("Budget"), budget),
        (_("What to say in a call"), content["call_text"]),
        (_("Text of letter and e-mail"), content["letter_text"]),
        (_("Subject of letter and e-mail"), content.get("mail_subject", "")),
    ]
    return Version(version, [(label, text) for label, text in said if text], [condition_text(one) for one in content["conditions"]])
