"""The command that makes the first account of an empty installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role, User
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_printed_password_signs_in():
    out = StringIO()
    call_command("first_admin", username="chefin", stdout=out)
    password = out.getvalue().strip().rpartition(" ")[2]
    user = User.objects.get()
    assert (user.username, user.role) == ("chefin", Role.ADMIN)
    assert user.check_password(password)
    assert len(password) >= 16


def test_a_second_run_changes_nothing_and_fails():
    call_command("first_admin", stdout=StringIO())
    hashed = User.objects.get().password
    with pytest.raises(CommandError):
        call_command("first_admin", username="zweite", stdout=StringIO())
    assert [user.password for user in User.objects.all()] == [hashed]


@pytest.mark.parametrize(
    "options", [{"username": "Anna"}, {"email": "ANNA@innendienst.example"}, {"username": "zwei Wörter"}, {"email": "kein"}]
)
def test_a_name_or_address_that_is_taken_or_none_is_refused_in_a_sentence(options):
    factories.make_user("anna")
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("first_admin", **options, stdout=StringIO())
    assert [user.username for user in User.objects.all()] == ["anna"]


def test_other_users_do_not_stand_in_the_way():
    factories.make_user("anna")
    call_command("first_admin", stdout=StringIO())
    assert User.objects.filter(role=Role.ADMIN).count() == 1
