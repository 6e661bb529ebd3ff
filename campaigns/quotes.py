"""Quotes as they were sent: the first version, or the next one, which leaves the former ones as they are."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import models

from accounts.models import User
from campaigns.models import Opportunity, Quote
from innendienst.base import files


@dataclass(frozen=True)
class Offer:
    """A quote in net euros. Its number may be unknown yet: on the phone the amount is said before the ERP has written it."""

    net_amount: Decimal
    sent_on: dt.date
    valid_until: dt.date | None = None
    number: str = ""
    file: UploadedFile | None = None

    @property
    def refusal(self) -> str:
        """What is wrong about it, as a field's name; "" for nothing."""
        if self.net_amount <= 0:
            return "amount"
        return "valid_until" if self.valid_until and self.valid_until < self.sent_on else ""


def write(opportunity: Opportunity, sent: Offer, actor: User) -> Quote:
    """Store the next version. Raises FileRefused."""
    stored = files.store(sent.file, by=actor) if sent.file else None
    latest = opportunity.quotes.first()
    return Quote.objects.create(
        opportunity=opportunity, version=latest.version + 1 if latest else 1, number=sent.number, sent_on=sent.sent_on,
        valid_until=sent.valid_until, net_amount=sent.net_amount, file=stored, by=actor,
    )  # fmt: skip


def take_back(quote_id: int) -> None:
    """Forget a quote that was typed in a call just undone: it was a slip of the hand, no letter. All others stay for good."""
    models.QuerySet.delete(Quote.objects.filter(pk=quote_id))
