"""The words of reasons: why a customer is called, why it came to nothing, why it is taken up again."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Why a customer is called; the order is that of urgency on the screen."""

    LAST_CALL = "last_call", _("Last call")
    REORDER = "reorder", _("Reorder")
    AFTER_SALES = "after_sales", _("After-sales")
    UP_SELL = "up_sell", _("Up-selling")
    CROSS_SELL = "cross_sell", _("Cross-selling")
    CAMPAIGN = "campaign", _("Campaign")
    WIN_BACK = "win_back", _("Win back")
    SATISFACTION = "satisfaction", _("Satisfaction")


class LostReason(models.TextChoices):
    PRICE = "price", _("Price")
    COMPETITOR = "competitor", _("Competitor")
    TIMING = "timing", _("Timing")
    NO_NEED = "no_need", _("No need")
    UNREACHABLE = "unreachable", _("Unreachable")
    NO_CONTACT = "no_contact", _("No contact wanted")
    BUYS_ITSELF = "buys_itself", _("Orders by itself")
    WRONG_DATA = "wrong_data", _("Data are wrong")
    NOT_SUITABLE = "not_suitable", _("Not suitable")


class ReopenReason(models.TextChoices):
    """Why a closed opportunity is taken up again."""

    MISTAKE = "mistake", _("Closed by mistake")
    ASKED_AGAIN = "asked_again", _("Customer asked again")
    CHANGED = "changed", _("Circumstances have changed")


def due_count(kind: str, facts: Mapping[str, Any]) -> int:
    """How many articles of a reason run out, by its facts; 0 where it is no reorder."""
    return facts.get("articles_count", 0) - facts.get("falling_count", 0) if kind == Kind.REORDER else 0
