"""After a person is erased, nothing he said in surveys is found anywhere, and the scores are the same."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from customers import outbox
from customers.gate_rules import Answer, GateAnswer, Purpose
from customers.models import Message
from nps import tallies, tokens
from nps.case_acts import close_case
from nps.figures import figures_of
from nps.forgetting import erase_person
from nps.invalid import mark_invalid
from nps.models import Case, Invitation, Response, ResponseImport, SurveyWave
from tests.factories import make_contact, make_listed
from tests.nps.scenes import make_invitation, make_wave

_WHY = "test"


def _everything(logged: str) -> str:
    """Every row of every table, every file we keep, and what was logged."""
    texts = [logged]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += map(repr, cursor.fetchall())
    files = [path for path in Path(settings.VAR_DIR).rglob("*") if path.is_file() and path.stat().st_size < 20 << 20]
    return "\n".join([*texts, *(path.read_bytes().decode("utf-8", "replace") for path in files)])


def _planted(index: int) -> list[str]:
    return [f"planted-{index}-{what}" for what in ("before", "reason", "sentence", "file", "message")]


def _answer(wave: SurveyWave, index: int, contact, anna) -> None:
    """All that an answer leads to: changed by its giver, a case with its result, a mail, a list that named it."""
    before, reason, sentence, file_name, message = _planted(index)
    invitation = make_invitation(wave, contact.customer, contact)
    for rating, words in ((3, before), (2, reason)):
        Client().post(f"/s/{tokens.make(invitation.nonce)}/", {"rating": str(rating), "reason": words})
    run = ResponseImport.objects.create(
        wave=wave, file_name=file_name, sha256=str(index), taken_count=1, rejected_count=0, messages=[{"params": {"value": message}}]
    )
    response = Response.objects.for_system(_WHY).get(invitation=invitation)
    Response.objects.for_system(_WHY).filter(pk=response.pk).update(response_import=run)
    close_case(actor=anna, case=Case.objects.for_system(_WHY).get(response=response), sentence=sentence)
    outbox.queue_all([
        outbox.mail_to_person(
            kind="survey_invitation", key=f"survey_invitation:{invitation.pk}", contact=contact, purpose=Purpose.SURVEY,
            gate_answer=GateAnswer(Answer.ALLOWED, "consent"), invitation=invitation.pk, wave=wave.pk,
        )
    ])  # fmt: skip


@pytest.mark.django_db
def test_after_erasure_none_of_forty_planted_strings_is_left_and_the_score_is_the_same(anna, carla, caplog):
    contact = make_contact(make_listed("Bäckerei Nord", owner=anna), email="weiss@kunde.example")
    other = make_contact(make_listed("Gasthof Süd", owner=anna))
    waves = [make_wave(f"Welle {index}", {9: 6}, state="open", day=timezone.localdate()) for index in range(8)]
    for index, wave in enumerate(waves):
        _answer(wave, index, contact, anna)
    mark_invalid(actor=carla, response=Response.objects.for_system(_WHY).get(wave=waves[7], customer=contact.customer), reason="test")
    staying = make_invitation(waves[0], other.customer, other)
    Client().post(f"/s/{tokens.make(staying.nonce)}/", {"rating": "4", "reason": "bleibt"})
    for wave in waves:
        tallies.refresh(wave.pk)
    strings = [text for index in range(8) for text in _planted(index)]
    assert len(strings) == 40
    held = _everything(caplog.text)
    assert [text for text in strings if text not in held] == []
    scores = [figures.score for figures in figures_of(waves)]

    assert erase_person(contact.customer, contact) == {"answers": 8, "invitations": 8, "mails": 8}
    for wave in waves:
        tallies.refresh(wave.pk)
    held = _everything(caplog.text)
    assert [text for text in strings if text in held] == []
    assert "bleibt" in held
    assert [figures.score for figures in figures_of(waves)] == scores
    assert Invitation.objects.for_system(_WHY).filter(contact=other).count() == 1
    assert not Message.objects.exists()
