"""Links by which a customer's person objects to advertising with one click: his id and a secret part. Nothing about them is stored."""

import hmac

from django.conf import settings
from django.urls import reverse

from customers.models import Contact
from innendienst.lib import link_keys
from innendienst.lib.typed import parse_id

_KEY_NAME = b"customers.objection-link"


def make(contact: Contact) -> str:
    """The same one in every mail to this person."""
    return f"{contact.pk}-{_secret(contact.pk)}"


def contact_of(token: str) -> Contact | None:
    """Whose link this is; None for one that we did not make, or whose person is gone."""
    number, _hyphen, secret = token.strip(" .>").lower().partition("-")
    pk = parse_id(number)
    if pk is None or not hmac.compare_digest(secret.encode(), _secret(pk).encode()):
        return None
    return Contact.objects.for_system("whoever has the link is this person").select_related("customer").filter(pk=pk).first()


def address(contact: Contact | None) -> str:
    """The whole address, as it stands in a mail; without a person, in a preview, one that leads nowhere."""
    return f"{settings.BASE_URL}{reverse('objection', args=[make(contact) if contact else 'x'])}"


def _secret(pk: int) -> str:
    return link_keys.make(_KEY_NAME, str(pk))
