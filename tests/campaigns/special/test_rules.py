"""Rules of campaigns: what a discount leaves, who is left alone, and what that proves."""

from decimal import Decimal

import pytest

from campaigns.special.effect import Sample, draw_control, effect, proposed_share, smallest_provable
from campaigns.special.margin import PricedCondition, too_thin
from customers.segments import UnreadableRegion, regions


def test_the_worked_example_of_the_domain_guide_is_not_proven():
    found = effect(Sample(900, 48.20, 120), Sample(100, 40.00, 115))
    assert [round(value, 2) for value in (found.per_customer, found.standard_error, found.low, found.high)] == [8.2, 12.18, -15.66, 32.06]
    assert round(found.total, 2) == 7380.00
    assert not found.is_proven
    assert effect(Sample(900, 80, 120), Sample(100, 40, 115), costs=1000).total == pytest.approx(35_000)
    assert effect(Sample(900, 80, 120), Sample(100, 40, 115)).is_proven
    assert effect(Sample(900, 80, 120), Sample(1, 40, 0)) is None
    assert effect(Sample(900, 0, 0), Sample(100, 0, 0)) is None  # nobody has ordered: no certainty of 0 to 0


def test_a_sample_is_read_from_its_sums():
    values = [10.0, 20.0, 60.0]
    sample = Sample.of(3, sum(values), sum(value**2 for value in values))
    assert (sample.mean, round(sample.deviation, 4)) == (30.0, 26.4575)


def test_the_control_group_takes_its_share_of_each_class_and_can_be_drawn_again():
    members = {pk: "A" if pk <= 200 else "C" for pk in range(1, 1001)}
    drawn = draw_control(members, Decimal("0.1"), seed=7)
    assert (len(drawn), sum(pk <= 200 for pk in drawn)) == (100, 20)
    assert draw_control(dict(reversed(members.items())), Decimal("0.1"), seed=7) == drawn != draw_control(members, Decimal("0.1"), seed=8)
    assert draw_control(dict(list(members.items())[:99]), Decimal("0.1"), seed=7) == draw_control(members, Decimal(0), seed=7) == set()


def test_whom_one_call_reaches_is_drawn_as_one():
    members = {pk: "A" if pk <= 200 else "C" for pk in range(1, 1001)}
    pairs = [[pk, pk + 500] for pk in range(1, 401)]
    drawn = draw_control(members, Decimal("0.1"), seed=7, together=pairs)
    assert [pair for pair in pairs if len(drawn & set(pair)) == 1] == []
    assert (len(drawn), sum(pk <= 200 for pk in drawn)) == (100, 20)
    assert draw_control(members, Decimal("0.1"), seed=7, together=pairs[::-1]) == drawn


@pytest.mark.parametrize("seed", range(20))
def test_many_branches_behind_one_number_make_no_control_group_larger_than_its_share(seed):
    drawn = draw_control(dict.fromkeys(range(100), "A"), Decimal("0.1"), seed, together=[list(range(40))])
    assert (len(drawn), drawn & set(range(40))) == (10, set())


def test_what_a_control_group_could_prove_is_said_beforehand():
    # 2,80 × 120 € × √(1/900 + 1/100)
    assert smallest_provable(1000, Decimal("0.1"), 120) == pytest.approx(35.44, abs=0.01)
    assert smallest_provable(1000, Decimal(0), 120) is None
    assert [proposed_share(count) for count in (499, 500)] == [0, Decimal("0.1")]


def line(**fields) -> PricedCondition:
    return PricedCondition(3, "Reiniger R10", Decimal(10), **{"cost": Decimal("8.10"), "least_ratio": Decimal("0.05"), **fields})


@pytest.mark.parametrize(
    ("condition", "is_refused"),
    [
        (line(percent=Decimal(25)), True),
        (line(percent=Decimal(14)), False),
        (line(percent=Decimal(15)), True),
        (line(amount_off=Decimal(2), least_ratio=Decimal(0)), True),
        (line(amount_off=Decimal("1.90"), least_ratio=Decimal(0)), False),
        (line(percent=Decimal(90), cost=None), False),
    ],
)
def test_a_condition_that_leaves_too_little_is_refused(condition, is_refused):
    assert bool(list(too_thin([condition]))) == is_refused


def test_the_refusal_says_what_would_do():
    assert (line(percent=Decimal(25)).margin, line(percent=Decimal(25)).most_off) == (Decimal("-0.60"), 14)


def test_regions_are_beginnings_of_postcodes():
    assert regions("01-09, 30,8") == [("01", "09"), ("30", "30"), ("8", "8")]
    for text in ("Sachsen", "01-1", "1-"):
        with pytest.raises(UnreadableRegion):
            regions(text)
