"""A mail backend that stops right after the hand-over, before anybody can note that the mail is sent."""

import re
import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend as FileBackend

HELD_SECONDS = 60


class EmailBackend(FileBackend):
    """Writes mails as files; once as many are written as the file `mail-hold` says, it holds on while that file stands."""

    def send_messages(self, email_messages) -> int:
        sent = super().send_messages(email_messages)
        hold = Path(settings.VAR_DIR) / "mail-hold"
        deadline = time.monotonic() + HELD_SECONDS
        while hold.exists() and len(handed_over(Path(self.file_path))) >= int(hold.read_text()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return sent


def handed_over(folder: Path) -> list[str]:
    """The Message-ID of every mail that was written. Mails of one second may stand in one file, one after the other."""
    texts = [file.read_text() for file in folder.iterdir()] if folder.exists() else []
    return [message_id for text in texts for message_id in re.findall(r"^Message-ID: (\S+)$", text, re.MULTILINE)]
