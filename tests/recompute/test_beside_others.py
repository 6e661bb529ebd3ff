"""A recompute beside people at work: nothing of theirs is lost, and nobody deadlocks."""

import datetime as dt
import random
import threading
import uuid
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaigns import call_list
from campaigns.answers import answer_opportunity, undo_answer
from campaigns.models import Opportunity, OpportunityAnswer
from campaigns.reasons import storing
from customers import facts
from customers.complaints import move_complaint, raise_complaint
from customers.follow_ups import plan_follow_up, snooze
from customers.gate import Answer, GateAnswer
from customers.models import Activity, PurchaseMonth, Touched
from customers.touched import touch
from innendienst import recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.lib.transitions import StateConflict
from innendienst.recompute import ranges
from innendienst.workplace.call.entry import CallEntry, NextDate, ReasonAnswer
from innendienst.workplace.call.saving import save_call, undo_call
from tests import factories
from tests.recompute.scenes import make_company, run, run_as_of, two_connections

pytestmark = pytest.mark.django_db


@two_connections
@pytest.mark.django_db(transaction=True)
def test_a_touch_that_arrives_while_its_customer_is_served_is_not_lost(monkeypatch):
    """The touch waits for the range and then sets the mark anew, whichever of the two stages is under way."""
    [customer] = make_company(1)
    arrived, waiting = threading.Event(), []

    def touch_meanwhile() -> None:
        arrived.set()
        touch([customer.pk])
        connection.close()

    def serve(*args, refresh=call_list.refresh):
        waiting.append(threading.Thread(target=touch_meanwhile))
        waiting[0].start()
        assert arrived.wait(5)
        waiting[0].join(0.3)
        assert waiting[0].is_alive()
        return refresh(*args)

    with monkeypatch.context() as during:
        during.setattr(call_list, "refresh", serve)
        during.setattr(recompute, "PASSES_MOST", 1)
        run_as_of()
    waiting[0].join(5)
    assert list(Touched.objects.values_list("customer", "stage")) == [(customer.pk, Touched.Stage.PURCHASES)]
    run(recompute.REFRESH)
    assert not Touched.objects.exists()


@two_connections
@pytest.mark.django_db(transaction=True)
def test_customers_whom_somebody_holds_are_passed_over_and_served_when_free():
    first, held = make_company(2)
    holding, served = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            type(held).objects.for_system("test").filter(pk=held.pk).update(name="Anders GmbH")
            holding.set()
            served.wait(10)
        connection.close()

    somebody = threading.Thread(target=hold)
    somebody.start()
    assert holding.wait(5)
    recompute_job = threading.Thread(target=lambda: (run_as_of(), connection.close()))
    recompute_job.start()
    while not PurchaseMonth.objects.for_system("test").filter(customer=first).exists():
        assert recompute_job.is_alive()
    assert not PurchaseMonth.objects.for_system("test").filter(customer=held).exists()
    served.set()
    somebody.join(10)
    recompute_job.join(30)
    assert PurchaseMonth.objects.for_system("test").filter(customer=held).exists()
    assert not Touched.objects.exists()


_ALLOWED = GateAnswer(Answer.ALLOWED, "existing_customer", basis="existing_customer")


def _entry(customer) -> CallEntry:
    """What the form of a call sends: an answer to the best suggestion, and a next step."""
    reason = Opportunity.objects.for_system("test").suggested().filter(customer=customer).best_first().first()
    answers = (ReasonAnswer(reason.pk, reason.version, "interested"),) if reason else ()
    next_date = NextDate(timezone.localdate() + dt.timedelta(days=7), "own")
    return CallEntry(outcome="interested", gate_answer=_ALLOWED, answers=answers, next_date=next_date)


@two_connections
@pytest.mark.django_db(transaction=True)
def test_calls_saved_and_undone_while_everything_is_recomputed_are_as_said_and_nobody_deadlocks(monkeypatch):
    monkeypatch.setattr(ranges, "BATCH", 3)
    monkeypatch.setattr(recompute, "_WAIT_SECONDS", 0.05)
    customers = make_company(12)
    reps = [factories.make_user() for _ in range(3)]
    run_as_of()
    done, failed, standing = threading.Event(), [], []

    def work(rep) -> None:
        for index, customer in enumerate(random.Random(rep.pk).sample(customers, 10)):
            with suppress(StateConflict):  # a colleague or the recompute was faster: nothing is written
                saved = save_call(rep, customer, uuid.uuid4(), _entry(customer))
                standing.append(saved.activity_id)
                if index % 3 == 0:
                    undo_call(actor=rep, activity=Activity.objects.visible_to(rep).get(pk=saved.activity_id))
                    standing.remove(saved.activity_id)
                for reason in Opportunity.objects.visible_to(rep).suggested().filter(customer=customer):
                    answer_opportunity(actor=rep, opportunity=reason, answer="dismissed", reason="not_suitable")

    def recompute_on(kind: str) -> None:
        while not done.is_set():
            job = Job.objects.create(kind=kind, queue="bulk", target=uuid.uuid4().hex)
            jobs.run(job.pk)
            job.refresh_from_db()
            assert job.state == Job.State.DONE, job.result

    def watched(act, *args) -> None:
        try:
            act(*args)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    callers = [threading.Thread(target=watched, args=(work, rep)) for rep in reps]
    workers = [threading.Thread(target=watched, args=(recompute_on, kind)) for kind in (recompute.FULL, recompute.REFRESH)]
    for thread in callers + workers:
        thread.start()
    for thread in callers:
        thread.join(60)
    done.set()
    for thread in workers:
        thread.join(60)
    assert failed == []
    stored = Activity.objects.for_system("test").standing().values_list("pk", flat=True)
    assert len(standing) > 5
    assert set(stored) == set(standing)
    assert not OpportunityAnswer.objects.filter(activity__voided_at__isnull=False).exists()


def _undo_a_call(rep, customer):
    saved = save_call(rep, customer, uuid.uuid4(), _entry(customer))
    return lambda: undo_call(actor=rep, activity=Activity.objects.visible_to(rep).get(pk=saved.activity_id))


def _dismiss(rep, customer):
    reason = Opportunity.objects.visible_to(rep).suggested().filter(customer=customer).first()
    return lambda: answer_opportunity(actor=rep, opportunity=reason, answer="dismissed", reason="not_suitable")


def _undo_a_dismissal(rep, customer):
    answer = _dismiss(rep, customer)()
    return lambda: undo_answer(actor=rep, answer=answer)


def _settle_a_complaint(rep, customer):
    complaint = raise_complaint(actor=rep, customer=customer, title="Palette beschädigt")
    return lambda: move_complaint(actor=rep, complaint=complaint, to_state="resolved")


def _put_a_follow_up_off(rep, customer):
    follow_up = plan_follow_up(actor=rep, customer=customer, due_on=timezone.localdate())
    return lambda: snooze(actor=rep, follow_up=follow_up, due_on=timezone.localdate() + dt.timedelta(days=7))


@two_connections
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("module", [facts, storing])
@pytest.mark.parametrize("prepare", [_undo_a_call, _dismiss, _undo_a_dismissal, _settle_a_complaint, _put_a_follow_up_off])
def test_an_act_that_meets_a_refresh_of_its_customer_waits_and_both_succeed(monkeypatch, prepare, module):
    """The refresh holds customer and mark when the act begins; whatever the act wrote first, the refresh would wait for."""
    [customer] = make_company(1)
    run_as_of()
    act = prepare(factories.make_user(), customer)
    factories.make_order(customer, timezone.localdate(), (factories.make_product(), 1, 10))
    touch([customer.pk])
    name, happened = {facts: "refresh", storing: "store"}[module], []

    def act_meanwhile() -> None:
        try:
            act()
            happened.append("done")
        except Exception as error:
            happened.append(error)
        finally:
            connection.close()

    somebody, refresh = threading.Thread(target=act_meanwhile), getattr(module, name)

    def meet(*args):
        if not somebody.is_alive() and not happened:
            somebody.start()
            somebody.join(0.3)
        return refresh(*args)

    with monkeypatch.context() as during:
        during.setattr(module, name, meet)
        job = run(recompute.REFRESH)
    somebody.join(20)
    assert (happened, job.state) == (["done"], Job.State.DONE)
