"""Secret parts of links: 160 bits made from a text under a key of our own, so that the same text makes the same link each time.

Neither the text nor a copy of the database leads to a link without the installation's key.
"""

import base64
import hashlib
import hmac

from django.conf import settings

LENGTH = 32
_BYTES = 20


def make(key_name: bytes, text: str) -> str:
    """32 letters and digits, none of which is easily misread; each use of links has a key of its own by its name."""
    key = hmac.digest(settings.SECRET_KEY.encode(), key_name, hashlib.sha256)
    return base64.b32encode(hmac.digest(key, text.encode(), hashlib.sha256)[:_BYTES]).decode().lower()
