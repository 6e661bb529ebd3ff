"""A page as its reader sees it."""

import re


def text(response) -> str:
    """Tags gone, blanks of all kinds joined."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
