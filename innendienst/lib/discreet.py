"""A logging filter: a link that is somebody's key stands in no log."""

import logging
import re

_LINK = re.compile(r"/s/[^/\s\"']+")


class HideLinks(logging.Filter):
    """Answers and objections are given by whoever has the link `/s/<token>/`; what is logged about it names no token."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/s/" in said:
            record.msg, record.args = _LINK.sub("/s/…", said), ()
        return True
