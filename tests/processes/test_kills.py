"""kill -9 in the middle of the work: the next start finishes it, nothing is there twice."""

from collections import Counter
from pathlib import Path

import pytest

from tests.processes.held_mail import handed_over
from tests.processes.installation import Installation, copy_to, made_once, wait_until

CUSTOMERS = 400  # eight ranges of marks (small_ranges)
# What the night would do is done already: an installation that starts in the afternoon would do it first.
LOAD = f"""
from django.core.management import call_command
from django.utils import timezone
from innendienst.base import jobs
from innendienst.base.models import Job
call_command("load_demo", customers={CUSTOMERS})
call_command("learn_needs")
call_command("recompute")
jobs.tick(timezone.now())
Job.objects.update(state="done", lease_until=None, finished_at=timezone.now())
"""
pytestmark = pytest.mark.timeout(400)  # the first one waits for the demo

HELD_BACKEND = "tests.processes.held_mail.EmailBackend"
SMALL_RANGES = "tests.processes.small_ranges"
# What a recompute writes; suggestions that somebody answered are history and stay.
KEPT_TABLES = ("customers_purchasemonth", "customers_purchaserhythm", "customers_customerfacts", "campaigns_calllistrow")
REASONS = """
    SELECT o.customer_id, o.kind, o.subject_key, o.rank_value, o.facts, i.position, i.product_id, i.facts
    FROM campaigns_opportunity o LEFT JOIN campaigns_opportunityitem i ON i.opportunity_id = o.id
    WHERE o.state = 'suggested' ORDER BY 1, 2, 3, 6
"""
CALL_LIST = "SELECT customer_id, owner_id, rank_value, kinds, callable_from FROM campaigns_calllistrow ORDER BY 1"


@pytest.fixture
def demo(tmp_path, prepared):
    """The demo company with its reasons and what is learnt for them."""

    def load(folder: Path) -> None:
        copy_to(folder, prepared)
        Installation(folder).manage("shell", "-v0", "-c", LOAD)

    copy_to(tmp_path, made_once("demo", load))
    installation = Installation(tmp_path, EMAIL_BACKEND=HELD_BACKEND, DJANGO_SETTINGS_MODULE=SMALL_RANGES)
    yield installation
    installation.clean_up()


def forget_what_was_computed(installation: Installation) -> None:
    computed = "state = 'suggested' AND kind <> 'campaign'"  # those are made by the campaign itself
    installation.write(
        f"DELETE FROM campaigns_opportunityitem WHERE opportunity_id IN (SELECT id FROM campaigns_opportunity WHERE {computed})",
        f"DELETE FROM campaigns_opportunity WHERE {computed}",
        *(f"DELETE FROM {table}" for table in KEPT_TABLES),
    )


def wait_until_half_served(installation: Installation) -> None:
    """Marks of both stages stand, or some customers have no mark any more: some are served, some still wait."""
    stages = "SELECT COUNT(DISTINCT stage), COUNT(*) FROM customers_touched"
    wait_until(lambda: (found := installation.rows(stages)[0])[0] == 2 or 0 < found[1] < CUSTOMERS, 60, installation.log)


def wait_until_done(installation: Installation, kind: str) -> None:
    state = f"SELECT state FROM base_job WHERE kind = '{kind}' ORDER BY id DESC LIMIT 1"
    wait_until(
        lambda: installation.value(state) == "done", 90, lambda: f"{installation.rows('SELECT * FROM base_job')}\n{installation.log()}"
    )


def test_a_worker_killed_during_recompute_is_replaced_and_the_work_finished(demo):
    expected = demo.rows(REASONS), demo.rows(CALL_LIST)
    assert len(expected[0]) > 100
    forget_what_was_computed(demo)
    demo.ask_for("recompute", "bulk")
    demo.start()
    wait_until_half_served(demo)
    killed = demo.worker("bulk")
    killed.kill()
    assert demo.value("SELECT state FROM base_job WHERE kind = 'recompute' ORDER BY id DESC LIMIT 1") == "running"
    wait_until(lambda: len(demo.workers()) == 2 and demo.worker("bulk").pid != killed.pid, 30, demo.log)
    demo.let_leases_run_out()
    demo.ring()
    wait_until_done(demo, "recompute")
    assert (demo.rows(REASONS), demo.rows(CALL_LIST)) == expected


def test_the_starter_killed_during_recompute_leaves_nothing_and_the_next_start_finishes(demo):
    expected = demo.rows(REASONS), demo.rows(CALL_LIST)
    forget_what_was_computed(demo)
    demo.ask_for("recompute", "bulk")
    starter = demo.start()
    wait_until_half_served(demo)
    starter.kill()
    starter.wait()
    demo.demand_gone(10)
    assert demo.value("SELECT COUNT(*) FROM customers_touched") > 0
    demo.let_leases_run_out()
    demo.start()
    wait_until_done(demo, "recompute")
    assert (demo.rows(REASONS), demo.rows(CALL_LIST)) == expected
    doubled = "SELECT customer_id, kind FROM campaigns_opportunity WHERE state = 'suggested' GROUP BY 1, 2 HAVING COUNT(*) > 1"
    assert demo.rows(doubled) == []


def test_a_kill_inside_the_sending_repeats_at_most_that_mail_with_the_same_message_id(demo):
    hold = demo.folder / "mail-hold"
    hold.write_text("3")
    demo.ask_for("morning", "default")
    starter = demo.start()
    wait_until(lambda: len(sent(demo)) == 3, 60, demo.log)
    starter.kill()
    starter.wait()
    demo.demand_gone(10)
    in_flight = demo.rows("SELECT message_id FROM customers_message WHERE state = 'sending'")
    assert len(in_flight) == 1
    hold.unlink()
    demo.let_leases_run_out()
    demo.start()
    undone = "SELECT COUNT(*) FROM customers_message WHERE state <> 'sent'"
    wait_until(lambda: demo.value(undone) == 0, 60, demo.log)
    expected = Counter({message_id: 1 for (message_id,) in demo.rows("SELECT message_id FROM customers_message")})
    assert len(expected) > 10
    expected[in_flight[0][0]] += 1
    assert Counter(sent(demo)) == expected
    demo.ask_for("morning", "default")
    wait_until_done(demo, "morning")
    assert Counter(sent(demo)) == expected


def sent(installation: Installation) -> list[str]:
    return handed_over(installation.folder / "mail")
