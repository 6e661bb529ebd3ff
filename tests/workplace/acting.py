"""The pages of references and of referral contacts, and the buttons on them."""

from django.urls import reverse

from referrals.models import ReferenceCustomer, ReferralContact

_APPS = {ReferenceCustomer: "references", ReferralContact: "referrals"}


def detail(thing: ReferenceCustomer | ReferralContact) -> str:
    """The address of its page."""
    return reverse(f"{_APPS[type(thing)]}:detail", args=[thing.pk])


def act(client, thing: ReferenceCustomer | ReferralContact, name: str, **more):
    """Press a button there, as whoever reads it now; the page that follows."""
    thing.refresh_from_db()
    return client.post(reverse(f"{_APPS[type(thing)]}:act", args=[thing.pk]), {"act": name, "version": thing.version, **more}, follow=True)
