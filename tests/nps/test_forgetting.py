"""What surveys forget with time: ratings stay, words and persons go (a person who is erased: tests/probes/test_survey_erasure.py)."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from customers.models import FollowUp, Message
from nps import tallies
from nps.answers import Given, enter_answer
from nps.cases import origin_of
from nps.figures import figures_of, response_rate
from nps.forgetting import forget
from nps.models import Case, Response
from tests.factories import make_listed
from tests.nps.scenes import add_answers, make_invitation, make_wave, run_jobs

pytestmark = pytest.mark.django_db
TABLES = [*apps.get_app_config("nps").get_models(), FollowUp, Message]


def content() -> str:
    return "\n".join(repr(list(model._base_manager.values_list())) for model in TABLES)


def test_after_two_years_ratings_stay_without_words_or_persons(anna):
    today = timezone.localdate()
    old, recent = (make_wave(name, state="open", day=day) for name, day in (("alt", today - dt.timedelta(days=800)), ("neu", today)))
    for wave in (old, recent):
        customer = make_listed(owner=anna)
        response = enter_answer(actor=anna, invitation=make_invitation(wave, customer), given=Given(3, f"Grund {wave.name}"))
        Response.objects.for_system("test").filter(pk=response.pk).update(answered_on=wave.starts_on)
        wave.state = "closed"
        wave.save()
        run_jobs("nps_tally")
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
