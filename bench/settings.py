"""The production settings with two more addresses: the floors."""

from innendienst.settings import *  # noqa: F403
from innendienst.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
