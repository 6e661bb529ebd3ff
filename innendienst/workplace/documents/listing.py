"""What lies in writing about one customer: quotes, letters, releases and published texts of references, proofs of consents."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from campaigns.models import Quote
from customers.models import Activity, Consent, Customer
from innendienst.workplace.references.listing import usable_scopes
from referrals.models import PublishedText, ReleaseScope

_WHY = "of a customer who is visible"


class Document(NamedTuple):
    """`url` opens it; "" for what is kept elsewhere and only named here, or is not for this reader."""

    on: dt.date
    kind: str
    name: str
    url: str


def documents(user: User, customer: Customer) -> list[Document]:
    """All of them, the youngest first; five queries."""
    found = [*_quotes(customer), *_letters(user, customer), *_releases(user, customer), *_published(customer), *_consents(customer)]
    return sorted(found, key=lambda one: (one.on, one.name), reverse=True)


def _quotes(customer: Customer) -> Iterator[Document]:
    """The letters that were laid in with quotes."""
    for quote in Quote.objects.filter(opportunity__customer=customer, file__isnull=False).select_related("file"):
        kind = _("Quote %(number)s, version %(version)s") % {"number": quote.number or "–", "version": quote.version}
        yield Document(
            quote.sent_on, kind, quote.file.name, reverse("opportunities:quote_file", args=[quote.opportunity_id, quote.version])
        )


def _letters(user: User, customer: Customer) -> Iterator[Document]:
    """Those of campaigns are named here; their sheets are printed with the campaign."""
    may_print, on_paper = allowed(user, "call.log"), (Activity.Kind.LETTER, Activity.Kind.MAILSHOT)
    for letter in Activity.objects.for_system(_WHY).standing().filter(customer=customer, kind__in=on_paper):
        is_printed_here = may_print and letter.kind == Activity.Kind.LETTER
        url = reverse("letter_print", args=[letter.pk]) if is_printed_here else ""
        yield Document(timezone.localdate(letter.at), letter.get_kind_display(), letter.told, url)


def _releases(user: User, customer: Customer) -> Iterator[Document]:
    """Written proofs of what a reference customer allowed; opened by those who file them."""
    may_open = allowed(user, "reference.release")
    scopes = ReleaseScope.objects.filter(reference__customer=customer, proof__isnull=False).select_related("proof")
    for scope in scopes:
        kind = _("Release: %(use)s") % {"use": scope.get_kind_display()}
        yield Document(scope.agreed_on, kind, scope.proof.name, reverse("references:scope_proof", args=[scope.pk]) if may_open else "")


def _published(customer: Customer) -> Iterator[Document]:
    """What the customer approved; opened while its release stands."""
    today = timezone.localdate()
    texts = PublishedText.objects.filter(scope__reference__customer=customer, file__isnull=False).select_related("file", "scope__reference")
    for text in texts:
        kind = _("Approved: %(use)s") % {"use": text.scope.get_kind_display()}
        url = reverse("references:published_file", args=[text.pk]) if usable_scopes(text.scope.reference, [text.scope], today) else ""
        yield Document(text.approved_on, kind, text.file.name, url)


def _consents(customer: Customer) -> Iterator[Document]:
    for consent in Consent.objects.for_system(_WHY).filter(customer=customer).select_related("contact"):
        facts = {"channel": consent.get_channel_display(), "name": consent.contact.full_name}
        text = _("Consent %(channel)s, %(name)s (revoked)") if consent.revoked_at else _("Consent %(channel)s, %(name)s")
        yield Document(timezone.localdate(consent.granted_at), text % facts, consent.proof, "")
