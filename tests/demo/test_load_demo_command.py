"""`manage.py load_demo`: a few lines, a clear refusal."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Role, User
from campaigns.models import CallListRow
from customers.models import Customer, FollowUp, Touched
from innendienst.demo import sign_in
from tests import factories

pytestmark = pytest.mark.django_db


def run(capsys, *arguments) -> str:
    call_command("load_demo", *arguments)
    return capsys.readouterr().out


def test_it_says_what_it_wrote_and_who_can_sign_in(capsys):
    out = run(capsys, "--customers", "30", "--seed", "4")
    assert out.startswith("30 Kunden, ")
    assert f"\n  anna.lang          {Role.REP.label}, Nord\n" in out
    assert f"\n  carla.sommer       {Role.MANAGER.label}\n" in out
    assert Customer.objects.for_system("counting").count() == 30


@pytest.mark.one_database
def test_the_second_time_it_changes_nothing_and_prints_the_sign_ins_again(capsys):
    run(capsys, "--customers", "10")
    out = run(capsys, "--customers", "10")
    assert out.startswith("Die Demo ist schon geladen. Es wurde nichts geändert.")
    assert sign_in.kept() in out


@pytest.mark.one_database
def test_without_its_file_the_sign_ins_can_be_set_anew(capsys):
    run(capsys, "--customers", "10")
    sign_in.path().unlink()
    assert "manage.py changepassword anna.lang" in run(capsys)


def test_an_installation_in_use_is_refused_in_a_sentence():
    factories.make_user("wirklich")
    with pytest.raises(CommandError, match="schon Benutzer, Kunden oder Artikel") as refused:
        call_command("load_demo")
    assert refused.value.returncode == 1
    assert list(User.objects.values_list("username", flat=True)) == ["wirklich"]


@pytest.mark.parametrize("count", ["0", "-5", "viele", "2000000"])
def test_a_number_that_is_none_is_refused(count):
    with pytest.raises(CommandError, match="customers"):
        call_command("load_demo", f"--customers={count}")


def test_right_moments_to_ask_for_a_reference_wait_on_the_lists(capsys):
    run(capsys, "--customers", "60", "--seed", "4")
    laid = FollowUp.objects.for_system("counting").due(timezone.localdate()).filter(kind="reference_moment")
    assert laid.exists()
    assert not laid.filter(customer__facts__open_complaints_count__gt=0).exists()


def test_it_leaves_nothing_to_recompute(capsys):
    run(capsys, "--customers", "30")
    assert Touched.objects.count() == 0
    assert CallListRow.objects.for_system("counting").exists()
