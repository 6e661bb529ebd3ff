"""Django's sessions in the database, read by plain SQL together with the preferences. Named by the setting SESSION_ENGINE."""

from django.contrib.sessions.backends import db
from django.utils import timezone

from innendienst.base import preferences, sql


class SessionStore(db.SessionStore):
    def load(self) -> dict:
        """As Django's: an unknown or ended session is empty and forgets its key."""
        held, stored = sql.session_and_preferences(self.session_key, timezone.now())
        preferences.keep(stored)
        if held is None:
            self._session_key = None
            return {}
        return self.decode(held)
