"""What was released may be used, nothing else; every use is followed by feedback and thanks."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from customers.complaints import raise_complaint
from innendienst.base.files import FileRefused
from innendienst.lib.transitions import TransitionRefused
from referrals import asking, releasing, using
from referrals.models import ReferenceCustomer, ReferenceUse, ReleaseScope
from referrals.releasing import ReleaseRefused, Terms
from referrals.using import Gift, UseRefused
from tests.referrals.scenes import make_buyer, make_reference, make_released, proof

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


def refusal(scope: ReleaseScope, actor, *, place: str = "offer", prospect=None, on: dt.date | None = None) -> str:
    """Why a use is refused, after looking that nothing was written; "" where it is allowed (and then logged)."""
    before = ReferenceUse.objects.for_system("test").count()
    try:
        using.log_use(actor=actor, scope=scope, place=place, prospect=prospect, on=on or TODAY())
    except UseRefused as refused:
        assert ReferenceUse.objects.for_system("test").count() == before
        return refused.code
    return ""


def test_a_release_needs_the_written_word_and_the_right_to_file_it(anna, carla):
    reference = make_reference(anna, "agreed")
    scope = releasing.agree_scope(actor=anna, reference=reference, terms=Terms("logo", ["web"]))
    with pytest.raises(PermissionDenied):
        releasing.release(actor=anna, scope=scope, proof=proof())
    with pytest.raises(ReleaseRefused):
        releasing.release(actor=carla, scope=scope, proof=None)
    fake = proof("freigabe.exe")
    fake.file.write(b"MZ")
    with pytest.raises(FileRefused):
        releasing.release(actor=carla, scope=scope, proof=fake)
    releasing.release(actor=carla, scope=scope, proof=proof())
    reference.refresh_from_db()
    assert (reference.state, reference.released_on, reference.review_on.year) == ("released", TODAY(), TODAY().year + 1)


def test_nothing_is_negotiated_before_the_customer_said_yes(anna):
    with pytest.raises(TransitionRefused):
        releasing.agree_scope(actor=anna, reference=make_reference(anna, "asked"), terms=Terms("logo", ["web"]))


def test_a_new_agreement_about_a_kind_ends_the_former_one(anna, carla):
    scope = make_released(anna, carla)
    newer = releasing.agree_scope(actor=anna, reference=scope.reference, terms=Terms("logo", ["offer"]))
    assert refusal(scope, anna) == "withdrawn"
    assert refusal(newer, anna) == "proof"


def test_approved_texts_are_kept_version_by_version(anna, carla):
    scope = make_released(anna, carla, "quote")
    releasing.publish(actor=carla, scope=scope, text="Läuft seit drei Jahren.", approved_on=TODAY())
    second = releasing.publish(actor=carla, scope=scope, text="Läuft seit vier Jahren.", approved_on=TODAY())
    assert [(text.version, text.text) for text in scope.texts.all()] == [(2, "Läuft seit vier Jahren."), (1, "Läuft seit drei Jahren.")]
    with pytest.raises(TypeError):
        type(second).objects.filter(pk=second.pk).update(text="anders")


# --- never ---


@pytest.mark.parametrize("state", ["agreed", "under_review", "expired", "paused", "declined"])
def test_never_use_what_is_not_released(anna, carla, state):
    scope = make_released(anna, carla)
    type(scope.reference).objects.for_system("test").filter(pk=scope.reference_id).update(state=state)
    assert refusal(scope, anna) == "state"


def test_never_use_what_has_ended(anna, carla):
    scope = make_released(anna, carla, valid_until=TODAY())
    assert refusal(scope, anna, on=TODAY() + DAY) == "ended"
    assert refusal(scope, anna) == ""


def test_never_use_outside_of_the_scope(anna, carla):
    assert refusal(make_released(anna, carla), anna, place="print") == "place"


def test_never_use_after_withdrawal(anna, carla):
    scope = make_released(anna, carla)
    asking.withdraw(actor=anna, reference=scope.reference)
    assert refusal(scope, carla) == "withdrawn"


def test_never_use_one_kind_after_that_kind_was_taken_back(anna, carla):
    logo = make_released(anna, carla)
    letter = releasing.agree_scope(actor=anna, reference=logo.reference, terms=Terms("letter", ["offer"]))
    releasing.release(actor=carla, scope=letter, proof=proof())
    releasing.withdraw_scope(actor=anna, scope=logo)
    assert (refusal(logo, anna), refusal(letter, anna)) == ("withdrawn", "")


def test_never_use_while_the_customer_complains(anna, carla):
    scope = make_released(anna, carla)
    raise_complaint(actor=anna, customer=scope.reference.customer, title="Motor defekt")
    assert refusal(scope, anna) == "complaint"


def test_never_show_him_to_a_competitor_where_he_does_not_want_it(anna, carla):
    scope = make_released(anna, carla, no_competitors=True)
    hotel, clinic, unknown = make_buyer(anna), make_buyer(anna, industry="Klinik"), make_buyer(anna, industry="")
    assert [refusal(scope, anna, prospect=one) for one in (hotel, clinic, unknown, None)] == ["competitor", "", "competitor", "prospect"]
    assert refusal(scope, anna, place="web") == ""  # on the web it is for many


def test_never_ask_more_of_him_than_two_calls_a_quarter_and_one_a_fortnight(anna, carla):
    scope, prospect = make_released(anna, carla, "reference_call", ("talk",)), make_buyer(anna)
    first = dt.date(2027, 1, 4)
    tried = [(first, ""), (first + 13 * DAY, "soon"), (first + 14 * DAY, ""), (first + 40 * DAY, "load"), (dt.date(2027, 4, 1), "")]
    assert [refusal(scope, anna, place="talk", prospect=prospect, on=day) for day, _expected in tried] == [
        expected for _day, expected in tried
    ]
    assert using.free_uses(scope, dt.date(2027, 4, 2)) == 1


# --- and thanks ---


def test_the_first_use_puts_the_reference_to_use_and_owes_feedback_and_thanks(anna, carla):
    scope = make_released(anna, carla)
    use = using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY())
    scope.reference.refresh_from_db()
    owing = ReferenceUse.objects.for_system("test").owing(TODAY())
    assert (scope.reference.state, list(owing)) == ("in_use", [use])
    using.report_back(actor=anna, use=use, outcome="helped")
    assert list(owing.all()) == [use]
    using.thank_for_use(actor=anna, use=use, gift=Gift("gift", Decimal("35")))
    assert list(owing.all()) == []


def test_a_planned_use_puts_the_reference_to_use_on_its_day_and_is_load_at_once(anna, carla):
    scope = make_released(anna, carla, "reference_call", ("talk",))
    reference, day = scope.reference, TODAY() + 5 * DAY
    free_before = using.free_uses(scope, day)
    using.log_use(actor=anna, scope=scope, place="talk", prospect=make_buyer(), on=day)
    assert using.free_uses(scope, day) == free_before - 1
    assert using.put_to_use(day - DAY) == 0
    reference.refresh_from_db()
    assert reference.state == "released"
    assert [using.put_to_use(day), using.put_to_use(day)] == [1, 0]
    reference.refresh_from_db()
    assert (reference.state, reference.transitions.latest("pk").by) == ("in_use", None)


def test_a_use_from_before_the_review_puts_nothing_to_use_again(anna, carla):
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)):
        scope = make_released(anna, carla)
        using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY())
        reference = ReferenceCustomer.objects.for_system("test").get(pk=scope.reference_id)
        releasing.review(actor=carla, reference=reference)
    with time_machine.travel(dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)):
        releasing.keep_released(actor=carla, reference=reference)
        assert using.put_to_use(TODAY()) == 0


def test_gifts_of_a_business_year_add_up_per_person(anna, carla):
    scope = make_released(anna, carla)
    contact = scope.reference.contact
    for value in (30, 20, Decimal("0.01")):
        use = using.log_use(actor=anna, scope=scope, place="web", prospect=None, on=TODAY())
        assert not using.exceeds_gift_limit(contact, TODAY())
        using.thank_for_use(actor=anna, use=use, gift=Gift("gift", Decimal(value)))
    assert using.exceeds_gift_limit(contact, TODAY())
    assert not using.exceeds_gift_limit(contact, TODAY() + 366 * DAY)
