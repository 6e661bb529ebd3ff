"""Bringing the kept tables in line with the order lines: for the customers that are marked, or for all of them."""

from innendienst.base.jobs import RunningJob


def run_refresh(job: RunningJob) -> None:
    """Serve the marked customers."""
