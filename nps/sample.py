"""Drawing the sample of a draft: everybody the rule is about becomes an invitation, to be asked or excluded for a reason."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from django.db import transaction
from django.utils import timezone

from customers.gate import GateAnswer, Purpose, may_contact_everybody
from customers.models import Contact, Customer
from customers.models.permissions import Channel
from customers.segments import find
from innendienst.base.jobs import RunningJob
from nps import tokens
from nps.models import Invitation, SurveyWave
from nps.resting import resting
from nps.sampling import ALL, WAYS, Candidate, Rule, drawn, exclusion, read_rule, spokesperson, way_of

SAMPLE = "nps_sample"
_BATCH = 1_000
_WHY = "a sample is drawn by its rule from all customers, whoever asks"
_BARRED = ("objection", "block")
_UNASKED = (Customer.Lifecycle.LEAD, Customer.Lifecycle.PROSPECT)


def run_sample(job: RunningJob) -> None:
    """Handler of `nps_sample`: draw the sample of the draft that the job names."""
    draw_sample(int(job.args["wave"]), step=job.step)


def draw_sample(wave_id: int, *, step: Callable[[], None] = lambda: None) -> None:
    """Replace the sample of a draft by the one its rule gives today; a survey that is no draft any more keeps its own."""
    wave = SurveyWave.objects.filter(pk=wave_id, state=SurveyWave.State.DRAFT).first()
    if wave is None:
        return
    rule, people = read_rule(wave.rule), []
    for batch in _batches(rule, wave.starts_on):
        people += _persons(batch, rule, wave)
        step()
    asked = {candidate for candidate in people if not exclusion(candidate, rule)}
    chosen = drawn(asked, rule) if rule.share < 100 else asked
    _keep(wave, rule, people, chosen)


@transaction.atomic
def _keep(wave: SurveyWave, rule: Rule, people: list[Candidate], chosen: set[Candidate]) -> None:
    held = SurveyWave.objects.select_for_update().filter(pk=wave.pk, state=SurveyWave.State.DRAFT, version=wave.version)
    if not held.exists():  # started or changed meanwhile: that change asked for a draw of its own
        return
    Invitation.objects.for_system(_WHY).filter(wave=wave).delete()
    rows = (_invitation(wave, rule, candidate, is_chosen=candidate in chosen) for candidate in people)
    Invitation.objects.bulk_create(rows, batch_size=_BATCH)
    held.update(sampled_at=timezone.now())


def _invitation(wave: SurveyWave, rule: Rule, candidate: Candidate, *, is_chosen: bool) -> Invitation:
    reason = "" if is_chosen else exclusion(candidate, rule) or Invitation.Exclusion.NOT_DRAWN
    nonce = secrets.token_hex(16)
    return Invitation(
        wave=wave,
        customer_id=candidate.customer_id,
        contact_id=candidate.contact_id,
        state=Invitation.State.EXCLUDED if reason else Invitation.State.ELIGIBLE,
        exclusion=reason,
        channel="" if reason else way_of(candidate, rule),
        nonce=nonce,
        token_hash=None if reason else tokens.digest(tokens.make(nonce)),
        **{f"by_{way}": way in candidate.ways for way in WAYS},
    )


def _batches(rule: Rule, today: dt.date) -> Iterator[list[Customer]]:
    customers = Customer.objects.for_system(_WHY).filter(merged_into=None, is_inactive=False).exclude(lifecycle__in=_UNASKED)
    if rule.criteria:
        customers = find(customers, rule.criteria, today)
    if rule.abc_classes:
        customers = customers.filter(facts__abc_class__in=rule.abc_classes)
    if rule.bought_within_days is not None:
        customers = customers.filter(facts__last_order_on__gte=today - dt.timedelta(days=rule.bought_within_days))
    customers, last = customers.select_related("facts", "owner__team").order_by("pk"), 0
    while batch := list(customers.filter(pk__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _persons(customers: list[Customer], rule: Rule, wave: SurveyWave) -> Iterator[Candidate]:
    """The people of these customers the rule is about: one each, or all of them."""
    today = timezone.localdate()
    contacts = list(Contact.objects.for_system(_WHY).filter(customer__in=customers).order_by("pk"))
    answers = may_contact_everybody(customers, contacts, Purpose.SURVEY, today)
    rests = resting([customer.pk for customer in customers], wave, today)
    of_customer: dict[int, list[Contact]] = defaultdict(list)
    for contact in contacts:
        of_customer[contact.customer_id].append(contact)
    for customer in customers:
        people: list[Contact | None] = [*of_customer[customer.pk]] or [None]
        found = [_candidate(customer, person, answers[customer.pk, person and person.pk], rests, rule, wave) for person in people]
        yield from found if rule.people == ALL else [spokesperson(found, rule)]


def _candidate(
    customer: Customer, contact: Contact | None, answers: dict[str, GateAnswer], rests: Mapping, rule: Rule, wave: SurveyWave
) -> Candidate:
    facts = getattr(customer, "facts", None)
    known = known_ways(customer, contact)
    denials = {answers[way].rule for way in WAYS} if not any(answers[way].is_allowed for way in WAYS) else set()
    is_relationship = wave.kind == SurveyWave.Kind.RELATIONSHIP
    return Candidate(
        customer_id=customer.pk,
        contact_id=contact and contact.pk,
        ways=frozenset(way for way in known if answers[way].is_allowed),
        barred=next((rule for rule in _BARRED if rule in denials), ""),
        is_collective=customer.is_collective,
        has_complaint=bool(is_relationship and facts and facts.open_complaints_count),
        rest=rests.get((customer.pk, contact and contact.pk), ""),
        segment=_segment(customer, rule.per),
    )


def known_ways(customer: Customer, contact: Contact | None) -> set[str]:
    """The ways for which there is an address: a mail goes to a person, letters and calls may go to the company."""
    has_phone = customer.phone_e164 or (contact and (contact.phone_e164 or contact.mobile_e164))
    known = {
        Channel.EMAIL: contact and contact.email,
        Channel.LETTER: customer.street and customer.postcode and customer.town,
        Channel.PHONE: has_phone,
    }
    return {str(way) for way, address in known.items() if address}


def _segment(customer: Customer, per: str) -> str:
    facts = getattr(customer, "facts", None)
    match per:
        case "abc_class":
            return facts.abc_class if facts else ""
        case "industry":
            return customer.industry
        case "region":
            return customer.postcode[:2] if customer.country == "DE" else customer.country
        case "team":
            return str(customer.owner.team_id) if customer.owner else ""
    return ""
