"""The survey that runs at the invented company: letters are out, answers come in, some of them want to be talked about."""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from random import Random

from django.utils import timezone

from accounts.models import User
from customers.models import Complaint, ContactBlock, Customer, FollowUp
from innendienst.demo.staff import DEFAULT_SIGN_IN
from innendienst.demo.surveys import draw_ratings, reason_for, segments_from_orders, surveyed_ids, wave_name
from innendienst.lib.dates import add_working_days, instant
from nps import case_acts, cases, praise, tallies, tokens
from nps.models import Case, Channel, Invitation, Response, SurveyWave, WaveTransition
from nps.questions import questions
from nps.reasons import words_and_groups
from nps.sample import known_ways
from nps.sampling import Candidate, Rule, drawn, exclusion, way_of

MANAGER = "carla.sommer"
_SINCE, _LASTS = dt.timedelta(days=12), dt.timedelta(days=21)
_SHARE, _ANSWERING, _UNDELIVERABLE = 14, 0.42, 0.03
_BY_PHONE_EACH = 3
_WEIGHTS = (35, 27, 25, 13, 9, 4, 4, 2)
_TALKED_ABOUT_AFTER = dt.timedelta(days=1)
_SENTENCES = ("Gutschrift vereinbart.", "Liefertermin mit der Disposition geklärt.", "Fester Ansprechpartner genannt.")
_WHY = "the demo's own customers"
_State = Invitation.State


def write_running_survey(seed: int, today: dt.date) -> None:
    """With everybody it asks, whoever it leaves out, its answers and cases; the same seed and day make the same ones but for the links."""
    draw = Random(seed)  # noqa: S311 - the same seed must make the same answers
    manager = User.objects.filter(username=MANAGER).first()
    wave = _write_wave(seed, today - _SINCE, manager)
    invitations = list(_invitations(wave, today, draw))
    Invitation.objects.bulk_create(invitations)
    answers = _answers(wave, [one for one in invitations if one.state == _State.RESPONDED], today, draw)
    Response.objects.bulk_create(answers)
    cases.open_missing(wave.pk)
    _talk_about(wave, today, draw)
    praise.keep(answer.customer_id for answer in answers)
    tallies.refresh(wave.pk)


def _write_wave(seed: int, day: dt.date, manager: User | None) -> SurveyWave:
    rule = Rule(ways=(Channel.LETTER, Channel.PHONE), share=_SHARE, seed=seed)
    wave = SurveyWave.objects.create(
        name=wave_name(day), state=SurveyWave.State.OPEN, starts_on=day, ends_on=day + _LASTS, rule=rule.stored(),
        sampled_at=timezone.now(), made_by=manager, **questions(),
    )  # fmt: skip
    for before, after in (("", SurveyWave.State.DRAFT), (SurveyWave.State.DRAFT, SurveyWave.State.OPEN)):
        WaveTransition.objects.create(wave=wave, by=manager, from_state=before, to_state=after)
    return wave


def _invitations(wave: SurveyWave, today: dt.date, draw: Random) -> Iterator[Invitation]:
    rule = Rule(**{**wave.rule, "ways": tuple(wave.rule["ways"]), "abc_classes": ()})
    customers = Customer.objects.for_system(_WHY).filter(pk__in=surveyed_ids(), is_inactive=False, merged_into=None)
    customers = customers.exclude(lifecycle__in=[Customer.Lifecycle.LEAD, Customer.Lifecycle.PROSPECT])
    blocked = dict(ContactBlock.objects.for_system(_WHY).filter(lifted_at=None, channel="").values_list("customer", "kind"))
    complaining = set(Complaint.objects.for_system(_WHY).exclude(state__in=Complaint.SETTLED).values_list("customer", flat=True))
    people = {}
    for customer in customers.prefetch_related("contacts").order_by("number_key"):
        contact = next(iter(customer.contacts.all()), None)
        candidate = Candidate(
            customer.pk, contact and contact.pk, frozenset(known_ways(customer, contact)),
            barred=blocked.get(customer.pk, ""), has_complaint=customer.pk in complaining,
        )  # fmt: skip
        people[candidate] = (customer, contact)
    chosen = drawn([one for one in people if not exclusion(one, rule)], rule)
    for number, (candidate, (customer, contact)) in enumerate(people.items()):
        reason = "" if candidate in chosen else exclusion(candidate, rule) or Invitation.Exclusion.NOT_DRAWN
        is_called = number % _BY_PHONE_EACH == 0 and Channel.PHONE in candidate.ways
        way = "" if reason else str(Channel.PHONE) if is_called else way_of(candidate, rule)
        nonce = secrets.token_hex(16)
        yield Invitation(
            wave=wave, customer=customer, contact=contact, exclusion=reason, channel=way, nonce=nonce,
            token_hash=None if reason else tokens.digest(tokens.make(nonce)),
            **{f"by_{one}": one in candidate.ways for one in rule.ways}, **_progress(wave, reason, way, draw),
        )  # fmt: skip


def _progress(wave: SurveyWave, reason: str, way: str, draw: Random) -> dict:
    """How far it has come with a person: letters left on the second day, calls go on."""
    if reason:
        return {"state": _State.EXCLUDED}
    sent_on, lot = wave.starts_on + dt.timedelta(days=1), draw.random()
    if lot < _ANSWERING:
        return {"state": _State.RESPONDED, "sent_on": sent_on}
    if way == Channel.PHONE:
        return {"state": _State.ELIGIBLE}
    return {"state": _State.BOUNCED if lot > 1 - _UNDELIVERABLE else _State.SENT, "sent_on": sent_on}


def _answers(wave: SurveyWave, invitations: Sequence[Invitation], today: dt.date, draw: Random) -> list[Response]:
    """The last answer of one of Anna's customers is a critical one, so that her day shows what comes of it."""
    segments = segments_from_orders([one.customer_id for one in invitations], today)
    anna = User.objects.filter(username=DEFAULT_SIGN_IN).first()
    critical = next((one for one in invitations if anna and one.customer.owner_id == anna.pk), None)
    ratings = draw_ratings(_WEIGHTS, len(invitations), draw)
    answers = []
    for invitation, drawn_rating in zip(invitations, ratings, strict=True):
        rating, day = drawn_rating, wave.starts_on + dt.timedelta(days=draw.randrange(2, _SINCE.days))
        if invitation is critical:
            rating, day = 4, add_working_days(today, -1, "")
        answers.append(
            Response(
                wave=wave, invitation=invitation, customer=invitation.customer, rating=rating, channel=invitation.channel, answered_on=day,
                answered_at=instant(day, dt.time(10)), may_call=draw.choice((True, True, None)),
                **words_and_groups(reason_for(rating, draw)), **segments[invitation.customer_id].as_fields(),
            )
        )  # fmt: skip
    return answers


def _talk_about(wave: SurveyWave, today: dt.date, draw: Random) -> None:
    """What is some days old was talked about, but for one answer that is overdue."""
    older = Case.objects.for_system(_WHY).filter(response__wave=wave, opened_on__lt=today - _TALKED_ABOUT_AFTER)
    for case in list(older.select_related("customer__owner").order_by("-opened_on", "customer__number_key"))[1:]:
        owner = case.customer.owner or wave.made_by
        if owner is not None:
            case_acts.close_case(actor=owner, case=case, sentence=draw.choice(_SENTENCES))
            closed_on = min(case.due_on, today)
            Case.objects.for_system(_WHY).filter(pk=case.pk).update(closed_on=closed_on)
            done = FollowUp.objects.for_system(_WHY).filter(origin=cases.origin_of(case), done_at__isnull=False)
            done.update(done_at=instant(closed_on, dt.time(16)))
