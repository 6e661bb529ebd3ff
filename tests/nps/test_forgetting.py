"""What surveys forget: a person who is erased leaves ratings only, and so does time."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from customers import outbox
from customers.gate_rules import Answer, GateAnswer, Purpose
from customers.models import FollowUp, Message
from nps import tallies
from nps.answers import Given, enter_answer, take_answer
from nps.cases import close_case, origin_of
from nps.figures import figures_of, response_rate
from nps.forgetting import erase_person, forget
from nps.models import Case, Invitation, Response, ResponseImport
from tests.factories import make_contact, make_listed
from tests.nps.scenes import add_answers, make_invitation, make_wave

pytestmark = pytest.mark.django_db
TABLES = [*apps.get_app_config("nps").get_models(), FollowUp, Message]


def content() -> str:
    return "\n".join(repr(list(model._base_manager.values_list())) for model in TABLES)


def planted(index: int) -> list[str]:
    return [f"planted-{index}-{what}" for what in ("before", "reason", "sentence", "file", "message")]


def test_after_erasure_none_of_forty_planted_strings_is_left_and_the_score_is_the_same(anna, carla):
    contact = make_contact(make_listed("Bäckerei Nord", owner=anna), email="weiss@kunde.example")
    other = make_contact(make_listed("Gasthof Süd", owner=anna))
    waves = [make_wave(f"Welle {index}", {9: 6}, state="open", day=timezone.localdate()) for index in range(8)]
    for index, wave in enumerate(waves):
        before, reason, sentence, file_name, message = planted(index)
        run = ResponseImport.objects.create(
            wave=wave, file_name=file_name, sha256=str(index), taken_count=1, rejected_count=0, messages=[{"params": {"value": message}}]
        )
        invitation = make_invitation(wave, contact.customer, contact)
        take_answer(invitation.pk, Given(3, before))
        take_answer(invitation.pk, Given(2, reason))
        response = Response.objects.for_system("test").get(invitation=invitation)
        Response.objects.for_system("test").filter(pk=response.pk).update(response_import=run)
        case = Case.objects.for_system("test").get(response=response)
        close_case(actor=anna, case=case, sentence=sentence)
        outbox.queue_all([
            outbox.mail_to_person(
                kind="survey_invitation", key=f"survey_invitation:{invitation.pk}", contact=contact, purpose=Purpose.SURVEY,
                gate_answer=GateAnswer(Answer.ALLOWED, "consent"), invitation=invitation.pk, wave=wave.pk,
            )
        ])  # fmt: skip
        tallies.refresh(wave.pk)
    take_answer(make_invitation(waves[0], other.customer, other).pk, Given(4, "bleibt"))
    tallies.refresh(waves[0].pk)
    strings = [text for index in range(8) for text in planted(index)]
    assert len(strings) == 40
    assert [text for text in strings if text not in content()] == []
    scores = [figures.score for figures in figures_of(waves)]
    counts = erase_person(contact.customer, contact)
    assert counts == {"answers": 8, "invitations": 8, "mails": 8}
    assert [text for text in strings if text in content()] == []
    for wave in waves:
        tallies.refresh(wave.pk)
    assert [figures.score for figures in figures_of(waves)] == scores
    assert "bleibt" in content()
    assert Invitation.objects.for_system("test").filter(contact=other).count() == 1
    assert not Message.objects.exists()


def test_after_two_years_ratings_stay_without_words_or_persons(anna):
    today = timezone.localdate()
    old, recent = (make_wave(name, state="open", day=day) for name, day in (("alt", today - dt.timedelta(days=800)), ("neu", today)))
    for wave in (old, recent):
        customer = make_listed(owner=anna)
        response = enter_answer(actor=anna, invitation=make_invitation(wave, customer), given=Given(3, f"Grund {wave.name}"))
        Response.objects.for_system("test").filter(pk=response.pk).update(answered_on=wave.starts_on)
        wave.state = "closed"
        wave.save()
        tallies.refresh(wave.pk)
    add_answers(old, {9: 1}, reason="aus der Liste")
    call_command("forget_nps", "--dry-run")
    assert forget(today, is_dry=True) == {"answers": 2, "invitations": 1, "lists": 0}
    assert "Grund alt" in content()
    forget(today)
    assert ("Grund alt" in content(), "aus der Liste" in content(), "Grund neu" in content()) == (False, False, True)
    tallies.refresh(old.pk)
    old.refresh_from_db()
    assert (figures_of([old])[0].n, response_rate(old)) == (2, 1)
    assert forget(today) == {"answers": 0, "invitations": 0, "lists": 0}
    gone = Case.objects.for_system("test").filter(response__wave=old)
    assert not gone.exists()
    assert FollowUp.objects.for_system("test").get().origin == origin_of(Case.objects.for_system("test").get())
