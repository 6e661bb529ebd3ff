"""The product's settings, but a recompute serves few customers at a time: to kill it between two ranges needs no large company."""

from django.apps import AppConfig

from innendienst.settings import *  # noqa: F403
from innendienst.settings import INSTALLED_APPS as _OF_THE_PRODUCT

RANGE = 50


class SmallRanges(AppConfig):
    name = "tests.processes"

    def ready(self) -> None:
        from innendienst.recompute import ranges

        ranges.BATCH = RANGE


INSTALLED_APPS = [*_OF_THE_PRODUCT, f"{__name__}.{SmallRanges.__name__}"]
