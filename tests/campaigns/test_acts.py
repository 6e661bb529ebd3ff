"""Every act in every state, what it leaves behind, and the way back."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns import acts, reminders
from campaigns.acts import Act, ActImpossible
from campaigns.answers import AnswerRefused
from campaigns.models import Opportunity, OpportunityTransition, Quote
from campaigns.quotes import Offer
from customers.models import FollowUp
from innendienst.base import files
from tests.campaigns.test_answers import make_suggestion

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
State = Opportunity.State

LEADS_TO = {
    "plan": ({"suggested", "planned", "contacted", "interested", "returned"}, "planned"),
    "contact": ({"suggested", "planned"}, "contacted"),
    "interest": ({"suggested", "planned", "contacted", "offered", "returned"}, "interested"),
    "offer": ({"suggested", "planned", "contacted", "interested", "offered", "returned"}, "offered"),
    "win": ({"suggested", "planned", "contacted", "interested", "offered", "returned", "with_field_sales"}, "won"),
    "lose": ({"suggested", "planned", "contacted", "interested", "offered", "returned", "with_field_sales"}, "lost"),
    "dismiss": ({"suggested", "planned", "contacted"}, "dismissed"),
    "reopen": ({"won", "lost", "dismissed", "expired"}, "planned"),
}
"""Act → the states it is possible in and the one it leads to, written down from the domain guide and not from the code."""


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)) as clock:
        yield clock


def sent(**changed) -> Offer:
    return Offer(
        **{"number": "AN-100", "sent_on": MONDAY, "valid_until": dt.date(2026, 12, 18), "net_amount": Decimal("480.00"), **changed}
    )


def do(act: str, actor, opportunity, **more):
    needs = {
        "plan": {"due_on": MONDAY},
        "offer": {"sent": sent()},
        "win": {"amount": Decimal("240.00")},
        "lose": {"reason": "price"},
        "dismiss": {"reason": "not_suitable"},
        "reopen": {"reason": "asked_again", "due_on": MONDAY},
    }
    return getattr(acts, act)(actor=actor, opportunity=opportunity, **{**needs.get(act, {}), **more})


def make_in(state: str, owner) -> Opportunity:
    needs = {"won": {"won_amount": 100, "won_on": MONDAY}, "lost": {"lost_reason": "price"}}.get(state, {})
    return make_suggestion(state=state, owner=owner, **needs)


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("act", Act.values)
def test_every_act_in_every_state(anna, act, state):
    possible_in, to_state = LEADS_TO[act]
    opportunity = make_in(state, anna)
    if state not in possible_in:
        with pytest.raises(ActImpossible):
            do(act, anna, opportunity)
    else:
        do(act, anna, opportunity)
    opportunity.refresh_from_db()
    assert opportunity.state == (to_state if state in possible_in else state)
    steps = [(step.from_state, step.to_state, step.by) for step in OpportunityTransition.objects.all()]
    assert steps == ([(state, to_state, anna)] if state in possible_in and state != to_state else [])


def test_a_planned_one_comes_back_on_its_day_and_undoing_takes_that_back(anna):
    opportunity = make_suggestion()
    answer = acts.plan(actor=anna, opportunity=opportunity, due_on=dt.date(2026, 11, 28))  # a Saturday
    due = FollowUp.objects.for_system("test").get()
    assert (due.assignee, due.due_on, due.origin) == (anna, dt.date(2026, 11, 30), f"opportunity:{opportunity.pk}")
    again = acts.plan(actor=anna, opportunity=opportunity, due_on=dt.date(2026, 12, 2))
    assert [each.due_on for each in FollowUp.objects.for_system("test")] == [dt.date(2026, 12, 2)]
    assert acts.undo(actor=anna, answers=[again]) == 1
    assert [each.due_on for each in FollowUp.objects.for_system("test")] == [dt.date(2026, 11, 30)]
    acts.undo(actor=anna, answers=[answer])
    opportunity.refresh_from_db()
    assert (opportunity.state, FollowUp.objects.for_system("test").count()) == ("suggested", 0)


def test_what_was_to_be_done_is_done_once_it_is_won_and_open_again_when_that_is_undone(anna):
    opportunity = make_suggestion()
    acts.plan(actor=anna, opportunity=opportunity, due_on=MONDAY)
    answer = acts.win(actor=anna, opportunity=opportunity, amount=Decimal("99.00"))
    assert not FollowUp.objects.for_system("test").open().exists()
    acts.undo(actor=anna, answers=[answer])
    assert FollowUp.objects.for_system("test").open().count() == 1


def test_assigning_plans_a_suggestion_for_the_person_and_hands_on_what_is_due(anna, bernd, carla):
    opportunity = make_suggestion()
    acts.assign(actor=carla, opportunity=opportunity, owner=anna, due_on=MONDAY)
    assert (opportunity.state, opportunity.owner) == ("planned", anna)
    acts.assign(actor=carla, opportunity=opportunity, owner=bernd, due_on=MONDAY)
    assert [(each.assignee, each.done_at) for each in FollowUp.objects.for_system("test")] == [(bernd, None)]
    with pytest.raises(PermissionDenied):
        acts.assign(actor=anna, opportunity=opportunity, owner=anna, due_on=MONDAY)


def test_only_its_owner_and_the_management_reopen(anna, bernd, carla):
    opportunity = make_in("lost", anna)
    with pytest.raises(PermissionDenied):
        do("reopen", bernd, opportunity)
    with pytest.raises(AnswerRefused):
        do("reopen", anna, opportunity, reason="just because")
    do("reopen", carla, opportunity)
    assert (opportunity.state, opportunity.owner, opportunity.lost_reason) == ("planned", anna, "")


def test_a_sent_quote_never_changes_and_the_next_one_is_a_version(anna, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    opportunity = make_suggestion()
    letter = SimpleUploadedFile("../../Angebot.pdf", b"%PDF-1.7 first")
    first = acts.offer(actor=anna, opportunity=opportunity, sent=sent(file=letter))
    acts.offer(actor=anna, opportunity=opportunity, sent=sent(net_amount=Decimal("450.00")))
    assert [(quote.version, quote.net_amount) for quote in opportunity.quotes.all()] == [(2, Decimal("450.00")), (1, Decimal("480.00"))]
    assert (first.file.name, first.file.content_type) == ("Angebot.pdf", "application/pdf")
    assert files.path_of(first.file.stored_as).read_bytes() == b"%PDF-1.7 first"
    for change in (first.save, first.delete, Quote.objects.all().delete, lambda: Quote.objects.update(number="X")):
        with pytest.raises(TypeError):
            change()


@pytest.mark.parametrize("content", [b"", b"<html>", b"MZ\x90"])
def test_a_file_of_another_kind_is_refused_and_nothing_is_written(anna, tmp_path, settings, content):
    settings.MEDIA_ROOT = tmp_path
    opportunity = make_suggestion()
    with pytest.raises(files.FileRefused):
        acts.offer(actor=anna, opportunity=opportunity, sent=sent(file=SimpleUploadedFile("Angebot.pdf", content)))
    opportunity.refresh_from_db()
    assert (opportunity.state, Quote.objects.count(), list(tmp_path.rglob("*"))) == ("suggested", 0, [])


def test_reminders_walk_through_the_days_and_come_once(anna, monday):
    interested, offered = make_suggestion(), make_suggestion()
    acts.interest(actor=anna, opportunity=interested)
    acts.offer(actor=anna, opportunity=offered, sent=sent())
    made = {}
    for days in range(30):
        monday.move_to(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC) + dt.timedelta(days=days))
        today = timezone.localdate()
        if reminders.remind(today):
            made[today] = sorted(FollowUp.objects.for_system("test").open().filter(due_on=today).values_list("kind", flat=True))
            FollowUp.objects.for_system("test").open().update(done_at=timezone.now())
        assert reminders.remind(today) == 0
    assert made == {dt.date(2026, 11, 26): ["interest", "quote"], dt.date(2026, 12, 16): ["quote_ends"]}
