"""People whom both customers have: one person of them, who keeps what either knew of him."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, QuerySet

from customers.editing import match_key
from customers.models import Consent, Contact
from innendienst.merging.declared import OF_PEOPLE, Fate
from innendienst.merging.moves import Moves
from referrals.models import Recommender

_WHY = "people of two customers that are merged"
_FILLED = (
    ("salutation",),
    ("title",),
    ("role",),
    ("source",),
)
_NOTICE = ("mail_notice_on", "mail_notice_proof")
_PLACES = (("phone", "phone_e164", "phone_extension_digits"), ("mobile", "mobile_e164"))


def same_people(gone: int, kept: int) -> dict[Contact, Contact]:
    """Each person of the customer that goes with the same one of the other: by e-mail, else by name where one has no e-mail.

    So does the contact list find them. Two who both recommend us are left as two.
    """
    known, going = list(_people(kept)), list(_people(gone))
    recommending = set(Recommender.objects.for_system(_WHY).filter(contact__in=[*known, *going]).values_list("contact", flat=True))
    found: dict[Contact, Contact] = {}
    for is_same in (_has_same_key, _has_same_name):
        for person in going:
            twin = next((other for other in known if other not in found.values() and is_same(person, other)), None)
            if twin is not None and person not in found and not recommending >= {person.pk, twin.pk}:
                found[person] = twin
    return found


def unite(moves: Moves, same: Mapping[Contact, Contact]) -> None:
    """Let all that is on record of the one be on record of the other, and fill in what only the one knew."""
    for person, twin in same.items():
        moves.change(twin, **_known_of(person, twin))
        for (model, column), fate in OF_PEOPLE.items():
            assert fate is Fate.FOLLOWS
            moves.follow(model, column, person.pk, twin.pk)
        _withdraw(moves, twin)


def part(moves: Moves, gone: int, kept: int, same: Iterable[Contact]) -> None:
    """Let people whose key the other customer knows come along without it: what keeps two of one name from being two is the key."""
    keys = {person.match_key for person in _people(kept)}
    for person in _people(gone):
        if person not in same and person.match_key in keys:
            moves.change(person, match_key="")


def forget_left_behind(merges: QuerySet) -> int:
    """Delete the people of the customers that went whom nothing leads to any more; how many.

    Nobody sees them, so that neither a correction nor an erasure would reach them.
    """
    people = Contact.objects.for_system(_WHY).filter(customer__in=merges.values("customer"))
    for model, column in OF_PEOPLE:
        people = people.filter(~Exists(model._base_manager.filter(**{column: OuterRef("pk")})))
    return people.delete()[0]


def _people(customer: int) -> Iterable[Contact]:
    return Contact.objects.for_system(_WHY).filter(customer=customer).order_by("pk")


def _has_same_key(one: Contact, other: Contact) -> bool:
    return bool(one.match_key) and one.match_key == other.match_key


def _has_same_name(one: Contact, other: Contact) -> bool:
    """Where one of the two has no e-mail that could tell them apart."""
    has_one_mail = not (one.email and other.email)
    return has_one_mail and match_key("", one.first_name, one.last_name) == match_key("", other.first_name, other.last_name)


def _known_of(person: Contact, twin: Contact) -> dict[str, object]:
    """What fills the gaps of the twin. The address that came with a notice stays with its notice."""
    values: dict[str, object] = {}
    for group in _FILLED:
        if not getattr(twin, group[0]):
            values |= {name: getattr(person, name) for name in group}
    if not twin.email and person.email:
        values |= {"email": person.email, "match_key": person.match_key, **{name: getattr(person, name) for name in _NOTICE}}
    elif twin.email.lower() == person.email.lower() and twin.mail_notice_on is None and person.mail_notice_on is not None:
        values |= {name: getattr(person, name) for name in _NOTICE}
    return values | _placed(person, twin)[0]


def homeless_numbers(person: Contact, twin: Contact) -> list[str]:
    """Numbers of the one that find no place on the other, who has two others already; as they are shown."""
    return _placed(person, twin)[1]


def _placed(person: Contact, twin: Contact) -> tuple[dict[str, object], list[str]]:
    """Columns of the twin for each number that he has not got, each in its own place or in the free one; and what is left without."""
    held = {place[0]: getattr(twin, place[1]) or getattr(twin, place[0]) for place in _PLACES}
    values: dict[str, object] = {}
    homeless = []
    for own in _PLACES:
        raw, e164 = (getattr(person, name) for name in own[:2])
        if not raw or (e164 or raw) in held.values():
            continue
        free = next((place for place in (own, *_PLACES) if not held[place[0]]), None)
        if free is None:
            homeless.append(getattr(person, f"{own[0]}_display"))
            continue
        held[free[0]] = e164 or raw
        digits = person.phone_extension_digits if own is _PLACES[0] else 0
        values |= dict(zip(free, (raw, e164, digits), strict=False))
    return values, homeless


def _withdraw(moves: Moves, person: Contact) -> None:
    """What he took back holds also for what the other customer had from him before: the stricter word of a channel wins."""
    consents = list(Consent.objects.for_system(_WHY).filter(contact=person))
    for consent in consents:
        later = [
            one.revoked_at for one in consents if one.channel == consent.channel and one.revoked_at and one.revoked_at >= consent.granted_at
        ]
        if consent.revoked_at is None and later:
            moves.change(consent, revoked_at=min(later))
