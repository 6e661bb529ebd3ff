"""Who recommends us, whom he names, and whether we may call: from the name to the legal check (domain guide 2.4)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers import search_tokens
from customers.gate_rules import EXPLANATION_LENGTH_LEAST
from customers.leads import add_lead, add_person
from customers.locks import hold, hold_all
from customers.models import Contact, Customer
from customers.same_reach import erased
from customers.same_reach.newcomers import block_newcomers
from innendienst.lib import phones
from innendienst.lib.transitions import TransitionRefused
from referrals import duties
from referrals.models import Knows, Recommender, ReferralContact
from referrals.moving import change_referral, move_referral

State = ReferralContact.State
CLEARED_BY = frozenset({Knows.ASKED_FOR_CALL, Knows.KNOWS})


class ReferralRefused(ValueError):
    """Not possible as asked; `code` says why: "explanation", "manager", "notice", "gate", "name", "own", "no"."""

    def __init__(self, code: str, referral: ReferralContact | None = None) -> None:
        super().__init__(code)
        self.code, self.referral = code, referral


@dataclass(frozen=True)
class Named:
    """A person as the recommender named him. `customer` where the company is on record already, else `company` names it."""

    last_name: str
    company: str = ""
    customer: Customer | None = None
    town: str = ""
    first_name: str = ""
    salutation: str = ""
    role: str = ""
    phone: str = ""
    topic: str = ""
    is_inbound: bool = False


@transaction.atomic
def make_recommender(*, actor: User, contact: Contact, may_name_me: bool | None = None) -> Recommender:
    """Take a person up as recommender, or note whether he allows his name to be used; None leaves what is known.

    A "no" stands for all whom he named: a later "yes", said about somebody else, does not lift it (`allow_naming` does).
    """
    demand(actor, "referral.edit")
    hold(contact.customer_id)
    found = Recommender.objects.for_system("one per person, who was found by visible_to")
    recommender, _new = found.get_or_create(contact=contact, defaults={"customer_id": contact.customer_id})
    stands = recommender.may_name_me is False and may_name_me
    if may_name_me is not None and not stands:
        _note(recommender, may_name_me=may_name_me)
    return recommender


@transaction.atomic
def allow_naming(*, actor: User, recommender: Recommender) -> None:
    """He was asked, and lets himself be named to everybody whom he named."""
    demand(actor, "referral.edit")
    hold(recommender.customer_id)
    _note(recommender, may_name_me=True)


def _note(recommender: Recommender, *, may_name_me: bool) -> None:
    recommender.may_name_me = may_name_me
    recommender.save(update_fields=["may_name_me"])


@transaction.atomic
def name_contact(*, actor: User, recommender: Recommender, named: Named) -> ReferralContact:
    """Put on record whom the recommender named. Nothing is allowed yet; the number is kept out of sight (ReferralContact.phone).

    The same person named twice by the same recommender is the one on record. Who comes to us by himself has asked for the talk.
    """
    demand(actor, "referral.edit")
    if not named.last_name.strip() or not (named.customer or named.company.strip()):
        raise ReferralRefused("name")
    if named.customer and named.customer.pk == recommender.customer_id:
        raise ReferralRefused("own")
    hold_all([recommender.customer_id, *([named.customer.pk] if named.customer else [])])
    company = named.customer or add_lead(actor=actor, name=named.company.strip(), town=named.town, owner=actor)
    contact = add_person(
        actor=actor, customer=company, last_name=named.last_name.strip(), first_name=named.first_name.strip(),
        salutation=named.salutation, role=named.role, source=f"{ReferralContact.KNOWN_BY_NAMING}{recommender.pk}",
    )  # fmt: skip
    known = ReferralContact.objects.for_system("one per recommender and person")
    source = ReferralContact.Source.INBOUND if named.is_inbound else ReferralContact.Source.NAMED
    referral, is_new = known.get_or_create(
        recommender=recommender, contact=contact,
        defaults={
            "customer": company, "owner": actor, "named_on": timezone.localdate(), "topic": named.topic.strip(),
            "phone": named.phone.strip(), "source": source,
        },
    )  # fmt: skip
    if not is_new:
        return referral
    referral.transitions.create(by=actor, to_state=State.NAMED)
    erased.keep_number(contact, phones.parse(referral.phone).e164)
    if named.is_inbound:
        check(actor=actor, referral=referral, knows=Knows.ASKED_FOR_CALL)
    else:
        duties.ask_for_contact(referral, actor)
    return referral


@transaction.atomic
def check(*, actor: User, referral: ReferralContact, knows: str, note: str = "") -> None:
    """The legal check, by one of four choices:

    asked for a call → he may be called; knows about it → he may be called, with a written reason; does not know → letter only;
    unclear → the management decides, and decides among the first three. Raises ReferralRefused.
    """
    demand(actor, "referral.edit")
    hold(referral.customer_id)
    choice, note = Knows(knows), note.strip()
    if referral.state == State.LEGAL_CHECK and referral.knows == Knows.UNCLEAR:
        demand(actor, "referral.clear")
    if choice == Knows.KNOWS and len(note) < EXPLANATION_LENGTH_LEAST:
        raise ReferralRefused("explanation", referral)
    if referral.state == State.LETTER_ONLY and choice not in CLEARED_BY:
        raise TransitionRefused(f"{referral.state}: {choice} changes nothing")
    found = {"knows": choice, "legal_note": note}
    if referral.state == State.NAMED:
        move_referral(actor, referral, State.LEGAL_CHECK, **found)
    elif referral.state in {State.LEGAL_CHECK, State.LETTER_ONLY}:
        change_referral(referral, **found)
    else:
        raise TransitionRefused(f"{referral.state}: nothing to check")
    if choice in CLEARED_BY:
        move_referral(actor, referral, State.CLEARED, reason=choice, **_take_phone(referral))
    elif choice == Knows.KNOWS_NOT:
        move_referral(actor, referral, State.LETTER_ONLY, reason=choice)


def is_for_management(referral: ReferralContact) -> bool:
    """Whether the legal check waits for the management."""
    return referral.state == State.LEGAL_CHECK and referral.knows == Knows.UNCLEAR


def _take_phone(referral: ReferralContact) -> dict:
    """There is a basis now: the number goes to the contact, where it can be seen and dialled."""
    if referral.phone:
        phone = phones.parse(referral.phone)
        known = Contact.objects.for_system("the contact was just cleared").filter(pk=referral.contact_id, phone="")
        known.update(phone=phone.raw, phone_e164=phone.e164, phone_extension_digits=phone.extension_digits)
        block_newcomers([referral.customer_id])
        search_tokens.refresh([referral.customer_id])
    return {"phone": ""}
