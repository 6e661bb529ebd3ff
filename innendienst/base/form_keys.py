"""One-time keys: a form posted twice does its work once and gets the same answer."""

import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction

from innendienst.base.models import FormKey


def fresh() -> str:
    """A key for a form that is about to be shown."""
    return str(uuid.uuid4())


def once(key: uuid.UUID, user, act: Callable[[], dict]) -> dict:
    """Run `act` in one transaction with the key, and answer its result; a key used before answers the stored result.

    The result must be JSON. A key that another user used is refused as unknown (IntegrityError to the caller's 400).
    """
    try:
        with transaction.atomic():
            form_key = FormKey.objects.create(key=key, user=user)
            form_key.result = act()
            form_key.save(update_fields=["result"])
            return form_key.result
    except IntegrityError:
        used = FormKey.objects.filter(key=key, user=user).first()
        if used is None:
            raise
        return used.result


def is_used(key: uuid.UUID) -> bool:
    """Whether a form with this key was saved already."""
    return FormKey.objects.filter(key=key).exists()
