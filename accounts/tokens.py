"""Secret addresses: made once, shown once, known afterwards by their hash alone, and taken away by their owner."""

import hashlib
import secrets

from django.db import transaction

from accounts.models import AccessToken, User
from accounts.permissions import demand
from innendienst.base import audit


@transaction.atomic
def make(*, actor: User, purpose: str) -> str:
    """A new secret for the actor; the one before is worth nothing any more."""
    demand(actor, "self.edit")
    AccessToken.objects.filter(user=actor, purpose=purpose).delete()
    secret = secrets.token_urlsafe(32)
    AccessToken.objects.create(user=actor, purpose=purpose, token_hash=_hash(secret))
    audit.record("token.make", by=actor, purpose=purpose)
    return secret


@transaction.atomic
def revoke(*, actor: User, purpose: str) -> None:
    """From now on the secret opens nothing."""
    demand(actor, "self.edit")
    AccessToken.objects.filter(user=actor, purpose=purpose).delete()
    audit.record("token.revoke", by=actor, purpose=purpose)


def owner_of(secret: str, purpose: str) -> User | None:
    """Whose secret it is, as long as he works here; None for any other text."""
    found = AccessToken.objects.filter(token_hash=_hash(secret), purpose=purpose, user__is_active=True)
    token = found.select_related("user__team").first()
    return token.user if token else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
