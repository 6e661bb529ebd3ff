"""Orders of the ERP close what was suggested and talked about, and open it again where they go."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import acts
from campaigns.answers import answer_opportunity
from campaigns.models import Opportunity, OrderMatch
from campaigns.orders import answering, matching
from campaigns.orders.fitting import Fit, Matter, Stage, judge
from campaigns.orders.sql import read_sold
from customers import facts, purchases
from customers.imports.undoing.undo import undo
from customers.models import FollowUp, ImportRun, OrderLine
from customers.undo import UndoRefused
from innendienst import recompute
from innendienst.lib.transitions import StateConflict
from tests import factories
from tests.customers.imports.lists import Importer
from tests.recompute.scenes import run, snapshot
from tests.workplace.scenes import make_reason

MONDAY = dt.date(2026, 11, 23)
TUESDAY, FRIDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=4)
DAY = dt.timedelta(days=1)


def fit(key: str = "1", on: dt.date = TUESDAY, *, is_own: bool = True, product: int = 7) -> Fit:
    return Fit(key, key, on, Decimal(100), (product,), is_own)


@pytest.mark.rules
@pytest.mark.parametrize(
    ("stage", "fits", "taken", "asked", "bought"),
    [
        (Stage.TALKED, [], "", "", ""),
        (Stage.TALKED, [fit("1")], "1", "", ""),
        (Stage.TALKED, [fit("1", MONDAY + 30 * DAY)], "1", "", ""),
        (Stage.TALKED, [fit("1", MONDAY + 31 * DAY)], "", "1", ""),  # long after the last step: perhaps he just needed it
        (Stage.TALKED, [fit("2", FRIDAY), fit("1")], "", "12", ""),
        (Stage.TALKED, [fit(str(index), MONDAY + index * DAY) for index in range(1, 6)], "", "123", ""),
        (Stage.TALKED, [fit("1", is_own=False)], "", "", ""),
        (Stage.WANTED, [fit("1", is_own=False)], "", "1", ""),
        (Stage.WANTED, [fit("1", is_own=False), fit("2")], "2", "", ""),
        (Stage.WON, [fit("1", is_own=False)], "", "1", ""),
        (Stage.WON, [fit("1"), fit("2", MONDAY + 31 * DAY)], "1", "", ""),
        (Stage.WON, [fit("2", MONDAY + 31 * DAY)], "", "", ""),
        (Stage.UNTALKED, [fit("2", FRIDAY), fit("1")], "", "", "12"),
    ],
)
def test_one_order_of_what_was_talked_about_is_taken_and_what_is_doubtful_is_asked_about(stage, fits, taken, asked, bought):
    verdict = judge({Matter(1, stage, MONDAY): fits}, days=30)[1]
    said = [verdict.taken] if verdict.taken else []
    assert tuple("".join(one.order_key for one in some) for some in (said, verdict.asked, verdict.bought)) == (taken, asked, bought)


@pytest.mark.rules
def test_two_opportunities_that_want_the_same_article_of_an_order_both_ask():
    first, second, other = (Matter(pk, Stage.TALKED, MONDAY) for pk in (1, 2, 3))
    verdicts = judge({first: [fit()], second: [fit()], other: [fit(product=8)]}, days=30)
    assert [(bool(one.taken), len(one.asked)) for one in verdicts.values()] == [(False, 1), (False, 1), (True, 0)]


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))


@pytest.fixture
def go_to(time_machine):
    return lambda day: time_machine.move_to(dt.datetime.combine(day, dt.time(9), dt.UTC))


def follow(customer, today: dt.date = FRIDAY) -> int:
    """What a refresh does for one customer before it looks for reasons; how many rows of opportunities and matches that wrote."""
    before = today + DAY
    purchases.refresh([customer.pk], before)
    facts.refresh([customer.pk], before)
    written = matching.refresh([customer.pk], today, before)
    return sum(written.values())


def talked(anna, kind: str = "reorder", answer: str = "interested", **fields) -> Opportunity:
    """A reason that the rep talked about on Monday."""
    reason = make_reason(fields.pop("customer", None) or factories.make_customer(owner=anna), kind, **fields)
    amount = Decimal(240) if answer == "won" else None
    answer_opportunity(actor=anna, opportunity=reason, answer=answer, amount=amount)
    return reason


def article_of(opportunity):
    return opportunity.items.get().product


def read(opportunity) -> Opportunity:
    return Opportunity.objects.for_system("test").get(pk=opportunity.pk)


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
class TestTalkedAbout:
    def test_an_order_wins_what_was_talked_about_and_settles_what_was_to_be_done(self, anna, carla):
        reason = talked(anna)
        acts.assign(actor=carla, opportunity=reason, owner=anna, due_on=FRIDAY)
        order = factories.make_order(reason.customer, TUESDAY, (article_of(reason), 12, 250), (factories.make_product(), 1, 99))
        assert follow(reason.customer) > 0
        won = read(reason)
        assert (won.state, won.won_amount, won.won_on, won.order_number) == ("won", 250, TUESDAY, order.number)
        assert won.transitions.get(to_state="won").by is None
        assert not FollowUp.objects.visible_to(anna).open().filter(origin=f"opportunity:{reason.pk}").exists()
        assert follow(reason.customer) == 0

    def test_the_order_says_what_the_agreed_amount_came_to(self, anna):
        reason = talked(anna, answer="won")
        order = factories.make_order(reason.customer, MONDAY, (article_of(reason), 11, 220))
        follow(reason.customer)
        assert (read(reason).won_amount, read(reason).order_number) == (220, order.number)
        OrderLine.objects.for_system("test").update(revenue_net=200)
        follow(reason.customer)
        assert read(reason).won_amount == 200
        assert follow(reason.customer) == 0

    @pytest.mark.parametrize("day", [MONDAY - DAY, MONDAY - 300 * DAY])
    def test_an_order_from_before_the_talk_has_nothing_to_do_with_it(self, anna, day):
        reason = talked(anna)
        factories.make_order(reason.customer, day, (article_of(reason), 12, 250))
        assert follow(reason.customer) == 0
        assert read(reason).state == "interested"

    @pytest.mark.parametrize("status", ["cancelled", "credit"])
    def test_what_was_cancelled_wins_nothing(self, anna, status):
        reason = talked(anna)
        factories.make_order(reason.customer, TUESDAY, (article_of(reason), 12, 250), status=status)
        assert follow(reason.customer) == 0

    def test_another_article_of_the_group_is_asked_about_and_no_is_never_asked_again(self, anna, go_to):
        group = factories.make_group()
        reason = talked(anna, product=factories.make_product("R10", group=group))
        order = factories.make_order(reason.customer, TUESDAY, (factories.make_product("R20", group=group), 12, 250))
        follow(reason.customer)
        [match] = OrderMatch.objects.all()
        assert (match.state, match.order_number, match.amount, read(reason).state) == ("asked", order.number, 250, "interested")
        assert follow(reason.customer) == 0
        answering.refuse(actor=anna, match=match)
        assert follow(reason.customer) == 0
        with pytest.raises(StateConflict):
            answering.confirm(actor=anna, match=match)
        match.refresh_from_db()
        answering.undo(actor=anna, match=match)
        answering.confirm(actor=anna, match=match)
        assert (read(reason).state, read(reason).won_amount) == ("won", 250)

    def test_yes_to_one_of_two_orders_wins_by_it_and_can_be_taken_back_while_fresh(self, anna, bernd):
        reason = talked(anna)
        for day in (TUESDAY, FRIDAY):
            factories.make_order(reason.customer, day, (article_of(reason), 12, 250))
        follow(reason.customer)
        first, _second = OrderMatch.objects.all()
        answering.confirm(actor=anna, match=first)
        assert (read(reason).state, read(reason).won_on) == ("won", TUESDAY)
        assert follow(reason.customer) == 0
        with pytest.raises(UndoRefused):
            answering.undo(actor=bernd, match=first)
        answering.undo(actor=anna, match=first)
        follow(reason.customer)
        assert read(reason).state == "interested"
        assert [match.state for match in OrderMatch.objects.all()] == ["asked", "asked"]

    def test_a_reopened_one_is_not_closed_again_by_the_same_order(self, anna):
        reason = talked(anna)
        factories.make_order(reason.customer, MONDAY, (article_of(reason), 12, 250))
        follow(reason.customer)
        acts.reopen(actor=anna, opportunity=read(reason), reason="mistake", due_on=FRIDAY)
        assert follow(reason.customer) == 0
        assert read(reason).state == "planned"


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
class TestBoughtUnasked:
    def test_what_was_bought_without_a_call_leaves_the_suggestion_and_is_credited_to_nobody(self, anna):
        customer, bought = factories.make_customer(owner=anna), factories.make_product()
        reason = make_reason(customer, product=bought, owner=anna)
        kept = reason.items.create(product=factories.make_product(), position=2, expected_revenue=60, facts={})
        order = factories.make_order(customer, TUESDAY, (bought, 12, 130))
        follow(customer)
        part = Opportunity.objects.for_system("test").get(is_bought_unasked=True)
        assert (part.state, part.owner, part.order_number, part.won_amount) == ("expired", None, order.number, None)
        assert [item.product for item in part.items.all()] == [bought]
        assert [item.pk for item in read(reason).items.all()] == [kept.pk]
        assert follow(customer) == 0

    def test_a_planned_one_of_which_nothing_is_left_closes(self, anna):
        reason = make_reason(factories.make_customer(owner=anna))
        acts.plan(actor=anna, opportunity=reason, due_on=FRIDAY)
        order = factories.make_order(reason.customer, TUESDAY, (article_of(reason), 12, 130))
        follow(reason.customer)
        closed = read(reason)
        assert (closed.state, closed.is_bought_unasked, closed.order_number) == ("expired", True, order.number)
        assert not FollowUp.objects.visible_to(anna).open().exists()

    def test_an_order_from_before_the_suggestion_takes_nothing(self, anna):
        reason = make_reason(factories.make_customer(owner=anna))
        factories.make_order(reason.customer, MONDAY - DAY, (article_of(reason), 12, 130))
        assert follow(reason.customer) == 0

    @pytest.mark.parametrize(("quantity", "is_closed"), [(99, False), (100, True)])
    def test_whoever_was_to_take_more_has_done_so_only_with_more(self, anna, quantity, is_closed):
        reason = make_reason(factories.make_customer(owner=anna))
        reason.items.update(facts={"step": "100", "price": "2.00", "quantity": "90"})
        factories.make_order(reason.customer, TUESDAY, (article_of(reason), quantity, 200))
        assert (follow(reason.customer) > 0) == is_closed


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("state", ["interested", "won", "planned", "suggested"])
def test_what_an_order_closed_opens_again_when_the_order_is_taken_back(anna, state):
    reason = make_reason(factories.make_customer(owner=anna), owner=anna)
    if state == "planned":
        acts.plan(actor=anna, opportunity=reason, due_on=FRIDAY)
    elif state != "suggested":
        answer_opportunity(actor=anna, opportunity=reason, answer=state, amount=Decimal(240))
    due = list(FollowUp.objects.visible_to(anna).open().values_list("pk", flat=True))
    order = factories.make_order(reason.customer, TUESDAY, (article_of(reason), 12, 250))
    follow(reason.customer)
    order.lines.all().for_system("test").delete()
    order.delete()
    follow(reason.customer)
    found = read(reason)
    assert (found.state, found.order_number, found.is_bought_unasked) == (state, "", False)
    assert found.won_amount == (240 if state == "won" else None)
    assert list(FollowUp.objects.visible_to(anna).open().values_list("pk", flat=True)) == due
    assert not OrderMatch.objects.exists()
    assert not Opportunity.objects.for_system("test").filter(is_bought_unasked=True).exists()
    assert follow(reason.customer) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
def test_taking_an_import_back_takes_back_what_its_orders_closed(anna, tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    reason = talked(anna, customer=factories.make_customer(number="1", owner=anna), product=factories.make_product(sku="X"))
    head = ["Auftragsnummer", "Kundennummer", "Artikelnummer", "Datum", "Menge", "Umsatz"]
    result = Importer(tmp_path, "orders")(
        head, ["AB-9", "1", "X", "23.11.2026", "12", "250,00"], ["AB-9", "1", "NEU", "23.11.2026", "1", "9,00"]
    )
    run(recompute.REFRESH)
    assert (read(reason).state, read(reason).order_number, read(reason).won_amount) == ("won", "AB-9", 250)
    assert undo(ImportRun.objects.get(pk=result.run_id)).kept == []
    run(recompute.REFRESH)
    assert (read(reason).state, read(reason).order_number) == ("interested", "")


@pytest.mark.django_db
def test_a_recompute_closes_what_was_bought_before_it_looks_for_reasons_and_a_second_one_writes_nothing(go_to):
    go_to(MONDAY)
    product, other = factories.make_product(), factories.make_product()
    customer = factories.make_customer()
    for bought in (product, other):
        factories.make_rhythm_orders(customer, bought, MONDAY - 33 * DAY, gaps=[30, 30, 30])
    factories.make_order(factories.make_customer(), MONDAY, (factories.make_product(), 1, 10))
    run(recompute.FULL)
    suggested = Opportunity.objects.for_system("test").get(kind="reorder")
    assert suggested.items.count() == 2
    go_to(TUESDAY)
    factories.make_order(customer, TUESDAY, (product, 12, 120))
    written = run(recompute.FULL).result["written"]
    assert written["OrderMatch"] == 1
    assert [item.product for item in read(suggested).items.all()] == [other]
    before = snapshot()
    assert set(run(recompute.FULL).result["written"].values()) == {0}
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by statistics")
def test_sqlite_reads_the_lines_of_those_who_are_asked_about_and_no_others():
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        assert list(read_sold([1, 2], dt.date(2026, 11, 23))) == []
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[-1]['sql']}")
        steps = [step for *_numbers, step in cursor.fetchall() if " line " in step]
    assert len(steps) == 3
    assert all("(customer_id=?" in step for step in steps), steps
