"""Merging two customers, and taking it back."""

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers import search_tokens
from customers.editing import EditConflict
from customers.imports.sql import is_free
from customers.locks import hold_all
from customers.models import Contact, Customer, CustomerFacts, Merge, MergeMove
from customers.same_reach.switchboards import neighbours
from customers.touched import touch
from innendienst.base import audit
from innendienst.merging import people
from innendienst.merging.basics import CHOSEN, merged
from innendienst.merging.clashes import Refusal, refusals, settle
from innendienst.merging.declared import OF_CUSTOMERS, Fate
from innendienst.merging.moves import Moves, take_back
from nps import praise

UNDO_WITHIN = dt.timedelta(days=30)
_WHY = "both were found by visible_to"
_NIGHT = "the night looks after merges"


class MergeRefused(RuntimeError):
    """Nothing was written; `reasons` (Refusal) say why."""

    def __init__(self, *reasons: Refusal) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class UndoRefused(RuntimeError):
    """The merge is taken back already or too long ago, the surviving customer has gone into another one, or a place is taken since."""


@transaction.atomic
def merge(*, actor: User, kept: Customer, gone: Customer, taken: Collection[str]) -> Merge:
    """Let `gone` go into `kept`; `taken` are the fields (basics.CHOSEN) whose value comes from the one that goes.

    Both carry the version that was seen. Raises MergeRefused, and EditConflict where one of them has changed since.
    """
    demand(actor, "customer.merge")
    if unknown := set(taken) - set(CHOSEN):
        raise KeyError(", ".join(sorted(unknown)))
    kept, gone = _held(kept, gone)
    if reasons := refusals(kept, gone):
        raise MergeRefused(*reasons)
    left = neighbours([kept.pk])
    done = Merge.objects.create(customer=gone, into=kept, by=actor)
    moves = Moves(done)
    moves.change(kept, **merged(kept, gone, taken))
    settle(moves, actor, kept, gone)
    same = people.same_people(gone.pk, kept.pk)
    people.unite(moves, same)
    people.part(moves, gone.pk, kept.pk, same)
    for (model, column), fate in OF_CUSTOMERS.items():
        if fate in {Fate.FOLLOWS, Fate.FOLLOWS_OR_GOES}:
            staying = [person.pk for person in same] if model is Contact else ()
            moves.follow(model, column, gone.pk, kept.pk, without=staying, goes=fate is Fate.FOLLOWS_OR_GOES)
    moves.change(gone, merged_into_id=kept.pk)
    _follow_up(actor, "customer.merge", done, left)
    return done


@transaction.atomic
def undo_merge(*, actor: User, done: Merge) -> None:
    """Bring both back as they were; what was written about the surviving customer since then stays with him.

    Raises UndoRefused, and MergeRefused while a list is being taken over.
    """
    demand(actor, "customer.merge")
    if not is_free():
        raise MergeRefused(Refusal.IMPORT)
    hold_all([done.customer_id, done.into_id])
    done = Merge.objects.for_system(_WHY).select_related("customer", "into").select_for_update(of=("self",)).get(pk=done.pk)
    if not is_undoable(done):
        raise UndoRefused(done.pk)
    left = neighbours([done.into_id])
    try:
        with transaction.atomic():
            take_back(done)
    except IntegrityError as error:
        raise UndoRefused(done.pk) from error
    done.undone_at, done.undone_by = timezone.now(), actor
    done.save(update_fields=["undone_at", "undone_by"])
    _follow_up(actor, "customer.undo_merge", done, left)


def is_undoable(done: Merge) -> bool:
    """Whether it stands, is young enough, and the surviving customer is one still."""
    return done.undone_at is None and done.at > timezone.now() - UNDO_WITHIN and done.into.merged_into_id is None


def forget_moves(now: dt.datetime) -> int:
    """Delete what merges changed once they can no longer be taken back, or are; how many rows."""
    over = Q(at__lte=now - UNDO_WITHIN) | Q(undone_at__isnull=False)
    return MergeMove.objects.filter(merge__in=Merge.objects.for_system(_NIGHT).filter(over).values("pk")).delete()[0]


def forget_people(now: dt.datetime) -> int:
    """Delete people who became one with somebody of the surviving customer, once their merge stands for good; how many."""
    return people.forget_left_behind(Merge.objects.for_system(_NIGHT).filter(at__lte=now - UNDO_WITHIN, undone_at=None))


def bring_strays() -> int:
    """Let rows follow that reached a merged customer afterwards: saved in the same moment, or restored with a list that was taken back.

    How many columns of how many customers that were.
    """
    count = 0
    for (model, column), fate in OF_CUSTOMERS.items():
        if fate is Fate.FOLLOWS and model is not Contact:  # people who became one stay behind on purpose
            rows = model._base_manager.filter(**{f"{column}__merged_into__isnull": False}).order_by()
            count += sum(_bring(model, column, gone) for gone in list(rows.values_list(column, flat=True).distinct()))
    return count


@transaction.atomic
def _bring(model: type[Model], column: str, gone: int) -> bool:
    standing = Merge.objects.for_system(_NIGHT).filter(customer=gone, undone_at=None).select_related("customer")
    seen = standing.first()
    both = [gone, seen.customer.merged_into_id] if seen else [gone]
    hold_all(both)
    done = standing.first()
    if done is None or [gone, done.customer.merged_into_id] != both:
        return False  # merged once more or parted just now: the next night finds what is left
    if not Moves(done).follow(model, column, *both):
        return False
    praise.keep(both)
    touch(both)
    return True


def _held(kept: Customer, gone: Customer) -> tuple[Customer, Customer]:
    """Both as they stand, locked, and nobody taking over a list meanwhile."""
    if kept.pk == gone.pk:
        raise MergeRefused(Refusal.SAME)
    if not is_free():
        raise MergeRefused(Refusal.IMPORT)
    hold_all([kept.pk, gone.pk])
    stored = Customer.objects.for_system(_WHY).in_bulk([kept.pk, gone.pk])
    for seen in (kept, gone):
        if stored[seen.pk].merged_into_id is not None:
            raise MergeRefused(Refusal.GONE)
        if stored[seen.pk].version != seen.version:
            raise EditConflict(f"Customer {seen.pk}")
    return stored[kept.pk], stored[gone.pk]


def _follow_up(actor: User, act: str, done: Merge, left: Collection[int]) -> None:
    """What follows from either: forms that were opened before are out of date; search words, praise, figures, the audit log.

    `left` are those with whom the surviving customer shared his number before.
    """
    both = [done.into_id, done.customer_id]
    Customer.objects.for_system(_WHY).filter(pk__in=both).update(version=F("version") + 1)
    CustomerFacts.objects.for_system("a list joins customers with their facts").get_or_create(customer_id=done.into_id)
    search_tokens.refresh(both)
    praise.keep(both)
    touch([*both, *left])
    audit.record(act, by=actor, customer=done.into_id, gone=done.customer_id)
