import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser

from accounts.backends import ByMail, ByName

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("backend", [ByName(), ByMail()])
def test_a_session_brings_the_person_with_the_team_by_one_query(backend, anna, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = backend.get_user(anna.pk)
        assert (found, found.team.name) == (anna, anna.team.name)


@pytest.mark.parametrize("backend", [ByName(), ByMail()])
def test_nobody_is_found_who_is_gone_or_deactivated(backend, anna):
    anna.is_active = False
    anna.save()
    assert backend.get_user(anna.pk) is None
    assert backend.get_user(0) is None


def test_a_deactivated_person_is_signed_out_at_the_next_request(client, rf, anna):
    client.force_login(anna, backend="accounts.backends.ByName")
    request = rf.get("/")
    request.session = client.session
    assert get_user(request) == anna
    anna.is_active = False
    anna.save()
    assert get_user(request) == AnonymousUser()
