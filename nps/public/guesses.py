"""Whoever tries links that lead nowhere is told to wait; known links are served whatever others do at the same address."""

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.locks import client_address
from nps.models import GuessCount

GUESSES_PER_MINUTE_MOST = 20
KEPT = dt.timedelta(hours=1)


def count_guess(request: HttpRequest) -> bool:
    """Note a link that leads nowhere; whether that is still within what may happen by mistake."""
    key = f"{_hashed(client_address(request) or '')}:{timezone.now():%Y%m%d%H%M}"
    counted = GuessCount.objects.filter(key=key).values_list("count", flat=True).first()
    if counted is not None and counted >= GUESSES_PER_MINUTE_MOST:
        return False
    _row, is_new = GuessCount.objects.get_or_create(key=key)
    if not is_new:
        GuessCount.objects.filter(key=key).update(count=F("count") + 1)
    return True


def forget_guesses(now: dt.datetime) -> int:
    """Delete what is older than an hour."""
    return GuessCount.objects.filter(at__lt=now - KEPT).delete()[0]


def _hashed(address: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hex()[:40]
