"""The page on which whoever got a mail of a campaign objects to advertising: no sign-in, the link itself is the key."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from customers import objection_links
from customers.blocks import has_objected, record_objection
from customers.person_mails import company_name
from nps.public.pages import language_of, open_page, say, unknown

_OBJECTED = "link in a mail"


@open_page
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """One button, or one click in the mail program (RFC 8058), which posts here. Opening it changes nothing: mail programs open links."""
    contact = objection_links.contact_of(token)
    if contact is None:
        return unknown(request)
    with translation.override(language_of(request, contact)):
        if request.method == "POST":
            record_objection(customer=contact.customer, contact=contact, reason=_OBJECTED)
        if request.method == "POST" or has_objected(customer=contact.customer, contact=contact):
            return say(request, "objected")
        return render(request, "objection.html", {"company": company_name()})
