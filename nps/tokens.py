"""Links to the answer page: 160 bits made from a nonce under a key of our own, so that each letter and reminder bears the same one.

Stored is only their hash. Neither the hash nor a copy of the database leads back to a link without the installation's key.
"""

import hashlib
import re

from django.conf import settings
from django.urls import reverse

from innendienst.lib import link_keys

_KEY_NAME = b"nps.answer-link"
LENGTH = link_keys.LENGTH
_NO_LETTER = re.compile(r"[^a-z2-7]")
_QUOTED_PRINTABLE = re.compile(r"^=?3d", re.IGNORECASE)


def make(nonce: str) -> str:
    """32 letters and digits, none of which is easily misread; the same nonce makes the same one."""
    return link_keys.make(_KEY_NAME, nonce)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def mended(text: str) -> str:
    """A link as it was made, from what a mail program left of it: capitals, a dot behind, "=3D" before. "" where that is hopeless."""
    text = text if len(text) <= LENGTH else _QUOTED_PRINTABLE.sub("", text)
    letters = _NO_LETTER.sub("", text.lower())
    return letters if len(letters) == LENGTH else ""


def address(token: str) -> str:
    """The whole address, as it stands in a mail or on a letter."""
    return f"{settings.BASE_URL}{reverse('survey:answer', args=[token])}"


def stop_address(token: str) -> str:
    """Where one click objects to further questions."""
    return f"{settings.BASE_URL}{reverse('survey:stop', args=[token])}"
