"""What references forget by the clock: told before, done once."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from innendienst.base import files
from innendienst.base.models import StoredFile
from referrals import asking, releasing
from referrals.forgetting import forget
from referrals.models import PublishedText, ReferenceTransition, ReleaseScope
from tests.referrals.scenes import make_reference, make_released, proof

BEGIN = dt.date(2027, 3, 1)
KEPT = {"reasons": 0, "limits": 0, "texts": 0}

pytestmark = pytest.mark.django_db


def test_a_refusal_loses_its_words_after_a_year_and_a_release_three_years_after_its_end(
    anna, carla, capsys, django_capture_on_commit_callbacks
):
    with time_machine.travel(dt.datetime.combine(BEGIN, dt.time(9), dt.UTC), tick=False):
        asking.decline(actor=anna, reference=make_reference(anna, "asked"), reason="Streit mit dem Chef")
        scope = make_released(anna, carla, valid_until=BEGIN, limits="nur Frau Müller")
        text = releasing.publish(actor=carla, scope=scope, text="Läuft.", approved_on=BEGIN, file=proof("logo.pdf"))
    assert forget(dt.date(2028, 2, 28)) == KEPT
    with time_machine.travel(dt.datetime(2030, 3, 1, 9, tzinfo=dt.UTC), tick=False):
        call_command("forget_references", "--dry-run")
    assert "Begründungen: 1, Grenzen: 1, Texte: 1." in capsys.readouterr().out
    assert PublishedText.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert forget(dt.date(2028, 3, 1)) == {**KEPT, "reasons": 1}
        assert forget(dt.date(2030, 3, 1)) == {**KEPT, "limits": 1, "texts": 1}
    assert forget(dt.date(2030, 3, 1)) == KEPT
    assert ReferenceTransition.objects.get(to_state="declined").reason == ""
    scope = ReleaseScope.objects.get()
    assert (scope.limits, scope.proof_id is not None) == ("", True)
    assert StoredFile.objects.get() == scope.proof
    assert not files.path_of(text.file.stored_as).exists()
