"""What follows from the answers of a survey in the background: cases for those to be talked about, then the figures.

Whoever answers waits for neither: he asks for the job (tallies.ask), and one run serves all who answered meanwhile. Both are found
from the answers as they are, so that a run that died is done again and none is missed or made twice.
"""

from innendienst.base.jobs import RunningJob
from nps import cases, tallies


def run(job: RunningJob) -> None:
    """Handler of `nps_tally`."""
    wave_id = int(job.args["wave"])
    opened = cases.open_missing(wave_id)
    job.result = {"opened": opened, "written": tallies.refresh(wave_id)}
