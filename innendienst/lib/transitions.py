"""State changes as rows: a conditional UPDATE on the old state plus one transition row, in one transaction."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models, transaction


class StateConflict(RuntimeError):
    """The row is no longer in the state the change starts from: somebody else was faster."""


class TransitionRefused(ValueError):
    """The state machine knows no such step."""


class Transition(models.Model):
    """One step of a state machine: who, when, from, to, why. Rows are only ever added."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


@transaction.atomic
def change_state(row: models.Model, to_state: str, *, steps: Mapping[str, frozenset[str]], transition: models.Model, **changes) -> None:
    """Move `row` to `to_state`, write `changes` with it and save `transition` as the record of the step.

    `steps` maps each state to those it may reach. Raises TransitionRefused for a step that is not in it and
    StateConflict when the stored row has left its state since it was read. `row` is updated in place.
    """
    if to_state not in steps.get(row.state, frozenset()):
        raise TransitionRefused(f"{row.state} → {to_state}")
    opened = type(row)._base_manager.filter(pk=row.pk, state=row.state)
    if opened.update(state=to_state, version=models.F("version") + 1, **changes) == 0:
        raise StateConflict(f"{type(row).__name__} {row.pk}")
    transition.from_state, transition.to_state = row.state, to_state
    transition.save()
    for name, value in {**changes, "state": to_state, "version": row.version + 1}.items():
        setattr(row, name, value)
