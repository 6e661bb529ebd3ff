"""A mail backend that stops right after the hand-over, before anybody can note that the mail is sent."""

import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend as FileBackend

HELD_SECONDS = 60


class EmailBackend(FileBackend):
    """Writes each mail as a file; once `count` of `mail-hold` mails are written it holds on while that file stands."""

    def send_messages(self, email_messages) -> int:
        sent = super().send_messages(email_messages)
        hold = Path(settings.VAR_DIR) / "mail-hold"
        deadline = time.monotonic() + HELD_SECONDS
        while hold.exists() and len(list(Path(self.file_path).iterdir())) >= int(hold.read_text()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return sent
