"""Follow-ups from the old Excel list."""

import datetime as dt

import pytest
from django.utils import timezone

from customers.imports.undoing.undo import undo
from customers.models import FollowUp, ImportRun, Touched
from tests import factories
from tests.customers.imports.lists import Importer, counts, texts

WHY = "test"
HEAD = ["Kundennummer", "Datum", "Notiz", "Wiedervorlage am", "Betreuer"]


@pytest.fixture
def follow_up_list(db, tmp_path) -> Importer:
    return Importer(tmp_path, "followups")


def test_each_row_comes_back_on_its_day_to_whom_it_belongs(follow_up_list, anna, bernd, dieter):
    one, two, three = (factories.make_customer(number=str(number), owner=owner) for number, owner in ((1, anna), (2, anna), (3, None)))
    result = follow_up_list(
        HEAD, ["1", "01.03.2027", "Preis", "05.03.2027", "bernd"], ["2", "06.03.2027", "", "", ""], ["3", "01.03.2027", "Muster", "", ""],
        by=dieter,
    )  # fmt: skip
    assert counts(result) == (3, 0, 0, 0)
    assert list(
        FollowUp.objects.for_system(WHY).order_by("customer__number").values_list("customer", "assignee", "due_on", "note", "kind")
    ) == [
        (one.pk, bernd.pk, dt.date(2027, 3, 5), "Preis", "own"),
        (two.pk, anna.pk, dt.date(2027, 3, 8), "", "own"),  # a Saturday moves on
        (three.pk, dieter.pk, dt.date(2027, 3, 1), "Muster", "own"),
    ]
    assert Touched.objects.count() == 3


def test_the_same_list_again_neither_doubles_nor_moves_nor_reopens(follow_up_list, anna):
    factories.make_customer(number="1", owner=anna)
    rows = [HEAD, ["1", "01.03.2027", "Preis", "05.03.2027", ""], ["1", "02.03.2027", "Muster", "05.03.2027", ""]]
    follow_up_list(*rows)
    first, second = FollowUp.objects.for_system(WHY).order_by("pk")
    FollowUp.objects.for_system(WHY).filter(pk=first.pk).update(due_on=dt.date(2027, 4, 1))
    FollowUp.objects.for_system(WHY).filter(pk=second.pk).update(done_at=timezone.now())
    result = follow_up_list(*rows, ["1", "03.03.2027", "Neu", "", ""])
    assert counts(result) == (1, 0, 2, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.due_on, second.done_at is None) == (dt.date(2027, 4, 1), False)


def test_rows_that_cannot_be_placed_are_named(follow_up_list, anna):
    factories.make_customer(number="1")
    result = follow_up_list(
        HEAD, ["9", "01.03.2027", "x", "", ""], ["1", "gestern", "x", "", ""], ["1", "01.03.2027", "x", "", "niemand"], is_lenient=True
    )
    assert (counts(result), len(texts(result))) == ((0, 0, 0, 3), 4)


def test_undo_takes_them_away_but_for_those_that_were_done(follow_up_list, anna):
    factories.make_customer(number="1", owner=anna)
    result = follow_up_list(HEAD, ["1", "01.03.2027", "Preis", "", ""], ["1", "02.03.2027", "Muster", "", ""])
    done = FollowUp.objects.for_system(WHY).get(note="Muster")
    FollowUp.objects.for_system(WHY).filter(pk=done.pk).update(done_at=timezone.now())
    undone = undo(ImportRun.objects.get(pk=result.run_id))
    assert (undone.removed_count, undone.kept) == (1, [("02.03.2027 Muster", "seither bearbeitet")])
    assert list(FollowUp.objects.for_system(WHY)) == [done]
