"""How far a run is, and what there is to say about it."""

from dataclasses import dataclass

from customers.imports.messages import Level, Message, restored
from customers.imports.run import Verdict
from customers.models import ImportRun
from innendienst.base.models import Job


@dataclass(frozen=True)
class Outcome:
    """`verdict` is None while the run is under way; `rows_read` what its worker last said; `is_given_up` when it cannot go on."""

    verdict: Verdict | None
    messages: list[Message]
    rows_read: int = 0
    is_given_up: bool = False

    @property
    def is_under_way(self) -> bool:
        return self.verdict is None and not self.is_given_up


def outcome_of(run: ImportRun) -> Outcome:
    messages = restored(run.messages)
    if run.state == ImportRun.State.FAILED:
        return Outcome(Verdict.REJECT, messages)
    if run.state == ImportRun.State.DONE:
        is_worth_a_look = run.rejected_count or any(message.level == Level.WARNING for message in messages)
        return Outcome(Verdict.WARN if is_worth_a_look else Verdict.ACCEPT, messages)
    job = Job.objects.filter(kind="import", target=str(run.pk)).order_by("pk").last()
    if job is None or job.state in {Job.State.FAILED, Job.State.CANCELLED}:
        return Outcome(None, messages, is_given_up=True)
    return Outcome(None, messages, rows_read=job.progress.get("rows", 0))
