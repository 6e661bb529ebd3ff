"""The demo's sign-ins: one random password per installation, in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from innendienst.demo.staff import COLLEAGUES, DEFAULT_SIGN_IN

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that can be taken for another
_PARTS, _PART_LENGTH = 4, 4


def path() -> Path:
    return Path(settings.VAR_DIR) / "demo-signin.txt"


def new_password() -> str:
    """Eighty bits as four groups of four characters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_PART_LENGTH)) for _ in range(_PARTS))


def sign_in_text(password: str) -> str:
    """Who can sign in, the one to begin with first, and the password that is the same for all."""
    people = sorted(COLLEAGUES, key=lambda colleague: colleague.username != DEFAULT_SIGN_IN)
    rows = [f"  {colleague.username:<18} {', '.join(filter(None, [str(colleague.role.label), colleague.team]))}" for colleague in people]
    return "\n".join([_("Password of all demo users: %(password)s") % {"password": password}, "", _("User names:"), *rows, ""])


def keep(text: str) -> None:
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, 0o600)  # a file that was there already keeps its mode otherwise
        file.write(text)


def kept() -> str:
    """What `keep` wrote, "" when the file is gone."""
    return path().read_text(encoding="utf-8") if path().exists() else ""
