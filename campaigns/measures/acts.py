"""What people do with measures. Every function checks the right and writes in one transaction."""

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from accounts.permissions import allowed, demand
from campaigns.measures.models import Measure, MeasureTransition
from innendienst.lib.transitions import StateConflict, change_state

State = Measure.State
STEPS: dict[str, frozenset[str]] = {
    State.PLANNED: frozenset({State.RUNNING, State.DONE, State.DROPPED}),
    State.RUNNING: frozenset({State.DONE, State.DROPPED}),
    State.DONE: frozenset({State.RUNNING}),
    State.DROPPED: frozenset({State.PLANNED}),
}


def may_change(actor: User, measure: Measure) -> bool:
    """Who plans changes every measure, who is responsible his own."""
    return allowed(actor, "plan.edit") or measure.owner_id == actor.pk


@transaction.atomic
def make(*, actor: User, measure: Measure) -> Measure:
    """Store a new measure."""
    demand(actor, "plan.edit")
    measure.made_by = actor
    measure.save()
    return measure


@transaction.atomic
def make_once(*, actor: User, measure: Measure) -> tuple[Measure, bool]:
    """The measure of its origin, made unless it is there already, and whether it is new."""
    demand(actor, "plan.edit")
    assert measure.origin, measure
    known = Measure.objects.filter(origin=measure.origin).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            return make(actor=actor, measure=measure), True
    except IntegrityError:  # two clicks at once
        return Measure.objects.get(origin=measure.origin), False


@transaction.atomic
def change(*, actor: User, measure: Measure, **values: object) -> None:
    """Write new values over the version that was read. Raises StateConflict when somebody was faster."""
    if not may_change(actor, measure):
        demand(actor, "plan.edit")
    as_seen = Measure.objects.filter(pk=measure.pk, version=measure.version)
    if as_seen.update(version=F("version") + 1, **values) == 0:
        raise StateConflict(f"measure {measure.pk}")


@transaction.atomic
def move(*, actor: User, measure: Measure, to_state: str) -> None:
    """Start, finish, drop or take it up again. Raises TransitionRefused and StateConflict."""
    if not may_change(actor, measure):
        demand(actor, "plan.edit")
    change_state(measure, to_state, steps=STEPS, transition=MeasureTransition(measure=measure, by=actor))
