"""Who a session belongs to, read by one prepared query with the team: every request asks."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from innendienst.lib.prepared import Param, Prepared

_PERSON = Prepared(lambda: User.objects.filter(pk=Param("pk")).select_related("team").order_by())


class _WithTeam:
    def get_user(self, user_id: int) -> User | None:
        """As Django's: None once the account is gone or deactivated."""
        user = next(iter(_PERSON(pk=user_id)), None)
        return user if user and self.user_can_authenticate(user) else None


class ByName(_WithTeam, ModelBackend):
    """Signs in by user name and password."""


class ByMail(_WithTeam, AuthenticationBackend):
    """Signs in by mail address and password."""
