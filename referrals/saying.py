"""What to say: to a customer who is asked, to a contact who was named. It speaks to the person, in his language."""

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.call_guide import greet
from customers.models import Contact
from referrals.models import ReferralContact


def reference_sayings(person: Contact | None) -> list[tuple[str, str]]:
    """To whoever is asked for the reference, from the opening to the thanks: (what it is for, the words)."""
    with translation.override(_language(person)):
        words = [
            _("%(greeting)s, you have been working with us for years, and I have the impression that you are content. Is that so?")
            % {"greeting": greet(person)},
            _("Others in your industry ask us who works with our products. May we name you as a reference?"),
            _("You need not decide now. When may I call again: in two weeks?"),
            _("We only use what you have approved in writing, and you can take it back at any time."),
            _("Thank you. I will tell you what came of it."),
        ]
    return list(zip([_("Opening"), _("Question"), _("Time to think"), _("Agreement"), _("Thanks")], words, strict=True))


def opening_of_referral(referral: ReferralContact, company: str) -> str:
    """How the first call begins; the recommender is named only if he allows it. `company` is his."""
    recommender = referral.recommender
    with translation.override(_language(referral.contact)):
        facts = {
            "greeting": greet(referral.contact),
            "recommender": recommender.contact.addressed_name,
            "company": company,
            "topic": referral.topic or _("our products"),
        }
        if recommender.may_name_me:
            return _("%(greeting)s, %(recommender)s of %(company)s told me that your company might be interested in %(topic)s.") % facts
        return _("%(greeting)s, it was suggested to us that your company might be interested in %(topic)s.") % facts


def _language(contact: Contact | None) -> str:
    return (contact and contact.language) or translation.get_language() or "de"
