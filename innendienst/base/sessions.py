"""Django's sessions in the database, read by plain SQL. Named by the setting SESSION_ENGINE."""

from django.contrib.sessions.backends import db
from django.utils import timezone

from innendienst.base import sql


class SessionStore(db.SessionStore):
    def load(self) -> dict:
        """As Django's: an unknown or ended session is empty and forgets its key."""
        stored = sql.session_data(self.session_key, timezone.now())
        if stored is None:
            self._session_key = None
            return {}
        return self.decode(stored)
