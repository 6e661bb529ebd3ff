"""Any German spelling in, E.164 for the machine, DIN 5008 for the eye."""

import pytest

from innendienst.lib import phones

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    "typed",
    [
        "030 23125-100",
        "(030) 23125100",
        "030/23125-100",
        "+49 30 23125-100",
        "+49 (0)30 23125-100",
        "0049 30 23125100",
        "0049 (0) 30 23125100",
    ],
)
def test_every_spelling_of_a_number_is_the_same_number(typed):
    assert phones.parse(typed).e164 == "+493023125100"


@pytest.mark.parametrize("typed", ["", "unbekannt", "3023125100", "030", "12", "030 23125-100 oder 101"])
def test_what_is_no_number_stays_as_typed(typed):
    assert phones.parse(typed) == phones.Phone(typed, "", 0)


def test_a_number_without_its_zero_is_a_question_not_a_guess():
    assert phones.parse("71112345").e164 == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("030 23125-100", "030 23125-100"),
        ("(030)23125-100", "030 23125-100"),
        ("03023125100", "030 23125100"),
        ("0049 30 23125-7", "030 23125-7"),
        ("0171 39200-42", "0171 39200-42"),
        ("+43 1 5550100", "+43 1 5550100"),
        ("nur abends", "nur abends"),
    ],
)
def test_numbers_are_shown_as_din_5008_writes_them(typed, shown):
    phone = phones.parse(typed)
    assert phones.display(phone.e164, phone.extension_digits, phone.raw) == shown


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("030 23125-100", "493023125100"), ("+49 30 23125100", "493023125100"), ("K 00123", "00123"), ("Müller", "")],
)
def test_a_typed_number_is_searched_by_its_digits(typed, digits):
    assert phones.search_digits(typed) == digits
