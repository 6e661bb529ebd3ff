"""Walking the calendar: each reminder fires once, on its working day."""

import datetime as dt

import pytest
import time_machine

from customers.follow_ups import snooze
from customers.models import FollowUp
from referrals import asking, contacting, naming, releasing, reminders, using
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.releasing import Terms
from tests.referrals.scenes import make_reference, make_referral, make_released, proof

BEGIN = dt.date(2027, 3, 1)
"""A Monday; Easter falls on 26 to 29 March."""

pytestmark = pytest.mark.django_db


def at(day: dt.date):
    return time_machine.travel(dt.datetime.combine(day, dt.time(5), dt.UTC), tick=False)


def walk(days: int, every: int = 1) -> list[tuple[str, dt.date, dt.date]]:
    """Run the job on each day, twice where it made something; (kind, the day it came up, the day it is due) of what was made."""
    made = []
    for number in range(0, days, every):
        day = BEGIN + dt.timedelta(days=number)
        known = set(FollowUp.objects.for_system("test").values_list("pk", flat=True))
        with at(day):
            for step in (reminders.end_releases, reminders.review_stopped, reminders.stop_uninformed, reminders.remind):
                step(day)
            new = list(FollowUp.objects.for_system("test").exclude(pk__in=known).order_by("kind"))
            assert not new or reminders.remind(day) == 0
        made += [(due.kind, day, due.due_on) for due in new]
    return made


def on(month: int, day: int) -> dt.date:
    return dt.date(2027, month, day)


def test_the_end_of_the_time_to_think(anna):
    with at(BEGIN):
        make_reference(anna, "thinking", thinking_until=on(3, 13))  # a Saturday
    assert walk(20) == [("thinking_ends", on(3, 15), on(3, 15))]


@pytest.mark.one_database
def test_a_release_that_ends_reminds_twice_and_then_is_over(anna, carla):
    with at(BEGIN):
        scope = make_released(anna, carla, valid_until=on(5, 3))
    assert walk(70) == [("release_ends", on(3, 4), on(3, 4)), ("release_ends", on(4, 5), on(4, 5))]  # 30 days before is a Saturday
    reference = ReferenceCustomer.objects.for_system("test").get()
    assert reference.state == "expired"
    assert [step.to_state for step in reference.transitions.order_by("pk")][-2:] == ["under_review", "expired"]
    assert scope.reference.pk == reference.pk


@pytest.mark.one_database
def test_a_release_is_looked_at_after_a_year(anna, carla):
    with at(BEGIN):
        make_released(anna, carla)
    assert walk(372, every=6) == [("review", dt.date(2028, 3, 1), dt.date(2028, 3, 1))]


@pytest.mark.parametrize("how", ["replaced", "withdrawn"])
def test_of_a_release_that_was_replaced_or_taken_back_nobody_is_reminded(anna, carla, how):
    """And the new agreement keeps the reference until its written word comes."""
    with at(BEGIN):
        scope = make_released(anna, carla, valid_until=on(4, 1))
    assert walk(3) == [("release_ends", on(3, 2), on(3, 2))]
    reference = scope.reference
    with at(on(3, 3)):
        if how == "withdrawn":
            asking.withdraw(actor=anna, reference=reference)
        else:
            newer = releasing.agree_scope(actor=anna, reference=reference, terms=Terms("logo", ["web"]))
            assert reminders.end_releases(on(3, 4)) == 0
            releasing.release(actor=carla, scope=newer, proof=proof())
            assert reference.state == "released"
    assert not FollowUp.objects.for_system("test").open().exists()


def test_stopped_deliveries_call_for_a_review_once(anna, carla):
    with at(BEGIN):
        scope = make_released(anna, carla)
        type(scope.reference.customer).objects.for_system("test").update(delivery_block=True)
    assert walk(5) == [("review", BEGIN, BEGIN)]
    assert ReferenceCustomer.objects.for_system("test").get().state == "under_review"


def test_feedback_and_thanks_after_ten_working_days(anna, carla):
    with at(on(3, 15)):
        scope = make_released(anna, carla)
        using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=on(3, 15))
    assert walk(45) == [("thanks_due", on(3, 31), on(3, 31))]  # Good Friday and Easter Monday lie between


def test_what_was_put_off_is_not_made_a_second_time(anna, carla):
    with at(BEGIN):
        using.log_use(actor=anna, scope=make_released(anna, carla), place="web", prospect=None, on=BEGIN)
    assert walk(15) == [("thanks_due", on(3, 15), on(3, 15))]
    with at(on(3, 15)):
        snooze(actor=anna, follow_up=FollowUp.objects.for_system("test").get(), due_on=on(3, 22))
    with at(on(3, 16)):
        assert reminders.remind(on(3, 16)) == 0


def test_the_notice_is_asked_for_on_day_20_and_without_it_the_contact_is_blocked_on_day_30(anna, carla):
    with at(BEGIN):
        make_referral(anna)
    assert walk(35) == [("art14", on(3, 22), on(3, 22)), ("erase", on(3, 31), on(3, 31))]
    referral = ReferralContact.objects.for_system("test").get()
    assert (referral.state, referral.phone) == ("blocked", "")
    assert FollowUp.objects.for_system("test").get(kind="erase").assignee == carla  # a rep may not erase


def test_a_first_contact_asks_for_the_notice_at_once_and_the_job_no_second_time(anna):
    with at(BEGIN):
        referral = make_referral(anna)
        naming.check(actor=anna, referral=referral, knows="asked_for_call")
        contacting.call_first(actor=anna, referral=referral, outcome="reached")
    assert walk(25, every=24) == []
    notice = FollowUp.objects.for_system("test").open().get(kind="art14")
    assert (notice.due_on, notice.customer_id, notice.assignee) == (BEGIN, referral.customer_id, anna)


def test_the_recommender_is_informed_and_thanked_in_time(anna):
    with at(BEGIN):
        referral = make_referral(anna)
        naming.check(actor=anna, referral=referral, knows="asked_for_call")
        contacting.call_first(actor=anna, referral=referral, outcome="reached")
        contacting.informed(actor=anna, referral=referral)
        contacting.win(actor=anna, referral=referral, won_on=on(3, 2))
        duty = FollowUp.objects.for_system("test").open().get()  # the call left it, and no reminder makes it again
        assert (duty.kind, duty.due_on, duty.customer_id) == ("inform", on(3, 8), referral.recommender.customer_id)
    assert walk(20) == [("thanks_due", on(3, 16), on(3, 16))]
    due = FollowUp.objects.for_system("test").filter(kind="thanks_due").get()
    assert (due.customer_id, due.assignee) == (referral.recommender.customer_id, anna)
