"""What references and referrals ask of a person, in a sentence with the way to its page: read by the origin of the follow-up."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import FollowUp
from innendienst.lib import display
from referrals.duties import MOMENT, REFERENCE, REFERRAL, SCOPE, USE
from referrals.models import ReferenceCustomer, ReferenceMoment, ReferenceUse, ReferralContact, ReleaseScope

Kind = FollowUp.Kind
_WHY = "about a customer who is shown"
_UNCLEAR = (ReferralContact.State.NAMED, ReferralContact.State.LEGAL_CHECK)


@dataclass(frozen=True)
class DutyLine:
    """`url` is the page on which it is done. `referral` is whom to call, where that is what is to be done."""

    sentence: str
    url: str
    referral: ReferralContact | None = None

    @property
    def is_unclear(self) -> bool:
        """Whether somebody has to find out first if he may be called."""
        return self.referral is not None and self.referral.state in _UNCLEAR


def duty_lines(user: User, follow_ups: Sequence[FollowUp]) -> dict[int, DutyLine]:
    """Follow-up id → what is to be done; of those only that stem from references or referrals. A query per kind that occurs.

    A contact at a company that the user does not see stays unnamed, also to whoever looks after his recommender.
    """
    found: dict[int, DutyLine] = {}
    for prefix, load in _LOADERS.items():
        about = {follow_up.pk: follow_up for follow_up in follow_ups if follow_up.origin.startswith(prefix)}
        if not about:
            continue
        rows = load({_id(follow_up, prefix) for follow_up in about.values()})
        if prefix == REFERRAL:
            rows = {pk: rows[pk] for pk in ReferralContact.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True)}
        for pk, follow_up in about.items():
            if row := rows.get(_id(follow_up, prefix)):
                found[pk] = DutyLine(_sentence(follow_up, row), _url(row), row if follow_up.kind == Kind.REFERRAL_CONTACT else None)
    return found


def _id(follow_up: FollowUp, prefix: str) -> int:
    return int(follow_up.origin.removeprefix(prefix))


def _references(ids: Iterable[int]) -> dict:
    return ReferenceCustomer.objects.for_system(_WHY).select_related("asked_by").in_bulk(ids)


def _scopes(ids: Iterable[int]) -> dict:
    return ReleaseScope.objects.in_bulk(ids)


def _uses(ids: Iterable[int]) -> dict:
    return ReferenceUse.objects.for_system(_WHY).select_related("prospect", "scope").in_bulk(ids)


def _referrals(ids: Iterable[int]) -> dict:
    referrals = ReferralContact.objects.for_system(_WHY).select_related(
        "contact", "customer", "recommender__contact", "recommender__customer"
    )
    return referrals.in_bulk(ids)


def _moments(ids: Iterable[int]) -> dict:
    return ReferenceMoment.objects.for_system(_WHY).select_related("customer").in_bulk(ids)


_LOADERS: dict[str, Callable[[Iterable[int]], dict]] = {
    REFERENCE: _references,
    SCOPE: _scopes,
    USE: _uses,
    REFERRAL: _referrals,
    MOMENT: _moments,
}


def _url(row) -> str:
    match row:
        case ReferenceCustomer():
            return reverse("references:detail", args=[row.pk])
        case ReleaseScope():
            return reverse("references:detail", args=[row.reference_id])
        case ReferenceUse():
            return reverse("references:detail", args=[row.scope.reference_id])
        case ReferralContact():
            return reverse("referrals:detail", args=[row.pk])
        case ReferenceMoment():
            return reverse("references:of", args=[row.customer_id])
    return ""


def _sentence(follow_up: FollowUp, row) -> str:
    facts = defaultdict(str, {"due": display.date(follow_up.due_on), "note": follow_up.first_line, **_facts(row)})
    texts = {
        Kind.ASKING: _("Ask for a reference yourself: %(note)s") if follow_up.note else _("Ask for a reference yourself."),
        Kind.THINKING_ENDS: _("The time to think ended on %(until)s; asked on %(asked_on)s by %(asked_by)s."),
        Kind.RELEASE_ENDS: _("Release of %(kind)s ends on %(until)s: ask for a new one, or let it end."),
        Kind.REVIEW: _("Reference released on %(released_on)s: is all still so?"),
    }
    if isinstance(row, ReferenceUse):
        return _("%(kind)s used on %(used_on)s for %(prospect)s: feedback and thanks are open.") % facts
    if isinstance(row, ReferenceMoment):
        return _moment_sentence(row)
    if isinstance(row, ReferralContact):
        return _referral_sentence(follow_up, row) % facts
    return texts.get(Kind(follow_up.kind), "") % facts


def _moment_sentence(moment: ReferenceMoment) -> str:
    """ "Guter Zeitpunkt für die Referenzfrage: Lieferung über 8.400 € am 01.11.2026, Kunde seit 2017." """
    since = moment.customer.customer_since
    facts = {"occasion": moment_text(moment), "year": since.year if since else ""}
    if since:
        return _("A good time to ask for a reference: %(occasion)s, customer since %(year)s.") % facts
    return _("A good time to ask for a reference: %(occasion)s.") % facts


def moment_text(moment: ReferenceMoment) -> str:
    """What happened: "Lieferung über 8.400 € am 01.11.2026"."""
    facts = {"day": display.date(moment.occasion_on), "value": display.euros(moment.value)}
    match moment.kind:
        case ReferenceMoment.Kind.DELIVERY:
            return _("Delivery of %(value)s on %(day)s") % facts
        case ReferenceMoment.Kind.COMPLAINT:
            return _("Complaint solved, confirmed by the customer on %(day)s") % facts
        case ReferenceMoment.Kind.PROMOTER:
            return _("Answer of a promoter on %(day)s") % facts
    return _("Seemed content on %(day)s") % facts


def _referral_sentence(follow_up: FollowUp, referral: ReferralContact) -> str:
    if follow_up.kind == Kind.REFERRAL_CONTACT and referral.recommender.may_name_me:
        return _("%(recommender)s of %(company)s named %(named)s on %(named_on)s; his name may be used.")
    return {
        Kind.REFERRAL_CONTACT: _("%(recommender)s of %(company)s named %(named)s on %(named_on)s; do not use his name."),
        Kind.ART14: _("%(contact)s was named on %(named_on)s and has no notice of Art. 14 yet."),
        Kind.ERASE: _("%(contact)s was not informed within a month and is blocked: erase the contact."),
        Kind.INFORM: _("%(contact)s was contacted on %(contacted_on)s on the word of %(by)s: tell him."),
        Kind.THANKS_DUE: _("%(contact)s is a new customer since %(won_on)s on the word of %(by)s; thanks are open."),
    }.get(Kind(follow_up.kind), "")


def _facts(row) -> dict[str, str]:
    match row:
        case ReferenceCustomer():
            return {
                "until": _day(row.thinking_until),
                "asked_on": _day(row.asked_on),
                "asked_by": row.asked_by.full_name if row.asked_by else "",
                "released_on": _day(row.released_on),
            }
        case ReleaseScope():
            return {"kind": str(row.get_kind_display()), "until": _day(row.valid_until)}
        case ReferenceUse():
            prospect = row.prospect.name if row.prospect else _("many")
            return {"kind": str(row.scope.get_kind_display()), "used_on": _day(row.used_on), "prospect": prospect}
        case ReferralContact():
            return {
                "contact": row.contact.addressed_name,
                "recommender": row.recommender.contact.addressed_name,
                "named": row.contact.declined_name,
                "by": row.recommender.contact.declined_name,
                "company": row.recommender.customer.name,
                "named_on": _day(row.named_on),
                "contacted_on": _day(row.first_contact_on),
                "won_on": _day(row.won_on),
            }
    return {}


def _day(day: dt.date | None) -> str:
    return display.date(day) if day else ""
