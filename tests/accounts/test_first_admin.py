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


def test_other_users_do_not_stand_in_the_way():
    factories.make_user("anna")
    call_command("first_admin", stdout=StringIO())
    assert User.objects.filter(role=Role.ADMIN).count() == 1
