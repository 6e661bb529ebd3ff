"""Follow-ups fall on working days, exist once per origin, and retries end."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from customers.calls import record_call, void_call
from customers.follow_ups import finish, plan_follow_up, plan_next_try, propose_retry, put_back, reopen, snooze
from customers.models import FollowUp, Touched
from innendienst.lib.dates import NonexistentTimeError
from tests.factories import make_absence, make_customer, make_user


@pytest.mark.parametrize(
    ("tries", "day"), [(1, dt.date(2026, 11, 24)), (2, dt.date(2026, 11, 25)), (3, dt.date(2026, 11, 30)), (4, None), (0, None)]
)
def test_the_next_try_comes_after_one_two_and_five_working_days(tries, day):
    assert propose_retry(tries, dt.date(2026, 11, 23)) == day


def test_the_next_try_steps_over_the_holidays_of_the_state():
    assert propose_retry(1, dt.date(2026, 11, 17), "SN") == dt.date(2026, 11, 19)  # 18.11.2026: Buß- und Bettag in Saxony
    assert propose_retry(1, dt.date(2026, 11, 17), "BY") == dt.date(2026, 11, 18)


@pytest.mark.django_db
class TestPlanned:
    def test_a_follow_up_moves_to_the_next_working_day_of_its_team(self, anna):
        follow_up = plan_follow_up(actor=anna, customer=make_customer(), due_on=dt.date(2026, 12, 26))
        assert follow_up.due_on == dt.date(2026, 12, 28)

    def test_a_clock_time_is_stored_as_its_instant(self, anna):
        follow_up = plan_follow_up(actor=anna, customer=make_customer(), due_on=dt.date(2026, 11, 24), due_time=dt.time(14))
        assert follow_up.due_at == dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)

    def test_a_time_that_does_not_exist_is_refused(self, anna, monkeypatch):
        # The change of clocks falls on a Sunday, so a follow-up meets it only where Sundays are worked.
        monkeypatch.setattr("customers.follow_ups.next_working_day", lambda day, state: day)
        with pytest.raises(NonexistentTimeError):
            plan_follow_up(actor=anna, customer=make_customer(), due_on=dt.date(2027, 3, 28), due_time=dt.time(2, 30))
        assert not FollowUp.objects.for_system("test").exists()

    def test_planned_twice_for_one_origin_it_is_one(self, anna):
        customer = make_customer()
        made = [
            plan_follow_up(actor=anna, customer=customer, due_on=dt.date(2026, 11, 24), kind="retry", origin="opportunity:17")
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert FollowUp.objects.for_system("test").count() == 1

    def test_planned_again_once_it_was_done_it_is_to_be_done_anew(self, anna, bernd):
        of_it = {"customer": make_customer(), "due_on": dt.date(2026, 11, 24), "kind": "referral_contact", "origin": "referral:1"}
        done = plan_follow_up(actor=anna, note="Erstes Gespräch", **of_it)
        FollowUp.objects.for_system("test").update(reminded_at=timezone.now())
        finish(actor=anna, follow_up=done)
        again = plan_follow_up(actor=anna, assignee=bernd, note="Noch einmal", **of_it)
        stored = FollowUp.objects.for_system("test").open().get()
        assert stored == again == done
        assert (stored.assignee, stored.note, stored.reminded_at) == (bernd, "Noch einmal", None)

    @pytest.mark.parametrize("others", [[], ["callback"]], ids=["alone", "beside a promised call-back"])
    def test_tried_again_the_same_day_it_stays_due_and_undone_it_is_due_as_before(self, anna, others):
        customer, day = make_customer(), dt.date(2026, 11, 24)
        with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
            for kind, origin in (("nps_case", "nps_case:1"), *((kind, "") for kind in others)):
                FollowUp.objects.create(customer=customer, assignee=anna, due_on=day, kind=kind, origin=origin)
            call = record_call(actor=anna, customer=customer, outcome="not_reached", gate_answer=None, direction="incoming")
            plan_next_try(actor=anna, activity=call, due_on=day)
            assert sorted(FollowUp.objects.for_system("test").open().values_list("kind", flat=True)) == [*others, "nps_case"]
            void_call(actor=anna, activity=call)
        assert sorted(FollowUp.objects.for_system("test").open().values_list("kind", flat=True)) == [*others, "nps_case"]

    def test_putting_off_keeps_the_clock_time(self, anna):
        follow_up = plan_follow_up(actor=anna, customer=make_customer(), due_on=dt.date(2026, 11, 24), due_time=dt.time(9, 30))
        assert snooze(actor=anna, follow_up=follow_up, due_on=dt.date(2026, 11, 28)) == dt.date(2026, 11, 30)
        follow_up.refresh_from_db()
        assert (follow_up.due_on, follow_up.due_at) == (dt.date(2026, 11, 30), dt.datetime(2026, 11, 30, 8, 30, tzinfo=dt.UTC))

    def test_a_tick_can_be_taken_back(self, anna):
        follow_up = plan_follow_up(actor=anna, customer=make_customer(), due_on=dt.date(2026, 11, 24))
        finish(actor=anna, follow_up=follow_up)
        assert not FollowUp.objects.visible_to(anna).open().exists()
        reopen(actor=anna, follow_up=follow_up)
        assert FollowUp.objects.visible_to(anna).open().get() == follow_up

    def test_what_is_mine_is_my_own_my_absentees_and_my_teams(self, anna, bernd):
        day = dt.date(2026, 11, 24)
        colleague = make_user(team=anna.team)
        make_absence(bernd, anna, day, day)
        customer = make_customer()
        own, covered, foreign = (plan_follow_up(actor=person, customer=customer, due_on=day) for person in (anna, bernd, colleague))
        pool = FollowUp.objects.create(customer=customer, team=anna.team, due_on=day)
        mine = FollowUp.objects.visible_to(anna).due(day).for_person(anna, day)
        assert set(mine) == {own, covered, pool}
        assert foreign not in mine

    def test_what_somebody_who_left_had_planned_falls_to_his_team(self, anna, bernd):
        day = dt.date(2026, 11, 24)
        gone = make_user(team=anna.team)
        left_over = plan_follow_up(actor=gone, customer=make_customer(), due_on=day)
        gone.is_active = False
        gone.save()
        due = FollowUp.objects.for_system("test").due(day)
        assert [list(due.for_person(user, day)) for user in (anna, bernd)] == [[left_over], []]

    def test_everything_that_moves_a_follow_up_marks_its_customer(self, anna):
        """From which day a customer may be called depends on his first open follow-up."""
        day, customer = dt.date(2026, 11, 24), make_customer()
        planned = plan_follow_up(actor=anna, customer=customer, due_on=day)
        acts = {
            "plan": lambda: plan_follow_up(actor=anna, customer=customer, due_on=day),
            "snooze": lambda: snooze(actor=anna, follow_up=planned, due_on=day + dt.timedelta(days=1)),
            "put back": lambda: put_back(actor=anna, follow_up=planned, due_on=day),
            "finish": lambda: finish(actor=anna, follow_up=planned),
            "reopen": lambda: reopen(actor=anna, follow_up=planned),
        }
        marked = {}
        for name, act in acts.items():
            Touched.objects.all().delete()
            act()
            marked[name] = list(Touched.objects.values_list("customer", flat=True))
        assert marked == {name: [customer.pk] for name in acts}

    def test_put_off_to_a_day_with_its_twin_it_goes_to_the_next_one(self, anna):
        customer, origin = make_customer(), {"kind": "retry", "origin": "opportunity:17"}
        friday, monday = dt.date(2026, 11, 27), dt.date(2026, 11, 30)
        twin = plan_follow_up(actor=anna, customer=customer, due_on=friday, **origin)
        follow_up = plan_follow_up(actor=anna, customer=customer, due_on=dt.date(2026, 11, 24), **origin)
        assert snooze(actor=anna, follow_up=follow_up, due_on=friday) == monday
        assert set(FollowUp.objects.for_system("test").values_list("pk", "due_on")) == {(twin.pk, friday), (follow_up.pk, monday)}

    def test_putting_off_undone_is_the_exact_old_day_unless_its_twin_has_it(self, anna):
        saturday = dt.date(2026, 11, 21)
        origin = {"customer": make_customer(), "assignee": anna, "kind": "retry", "origin": "opportunity:17", "due_on": saturday}
        follow_up = FollowUp.objects.create(**origin, due_time=dt.time(9))
        snooze(actor=anna, follow_up=follow_up, due_on=dt.date(2026, 11, 24))
        assert put_back(actor=anna, follow_up=follow_up, due_on=saturday)
        follow_up.refresh_from_db()
        assert (follow_up.due_on, follow_up.due_at) == (saturday, dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC))
        snooze(actor=anna, follow_up=follow_up, due_on=dt.date(2026, 11, 24))
        FollowUp.objects.create(**origin)
        assert not put_back(actor=anna, follow_up=follow_up, due_on=saturday)
