"""Every number of the demo is a film number."""

import pytest

from innendienst.demo import numbers
from innendienst.lib import phones
from tests.demo.film_numbers import FILM_NUMBER

pytestmark = pytest.mark.rules


def test_the_lines_of_2500_customers_are_5000_different_film_numbers():
    lines = [line(index).e164 for index in range(2_500) for line in (numbers.switchboard, numbers.direct_line)]
    assert len(set(lines)) == 5_000
    assert [number for number in lines if not FILM_NUMBER.fullmatch(number)] == []


def test_in_a_large_demo_longer_extensions_in_the_same_blocks_keep_customers_apart():
    lines = [numbers.switchboard(index).e164 for index in range(0, 200_000, 7)]
    assert len(set(lines)) == len(lines)
    assert [number for number in lines if not FILM_NUMBER.match(number) or len(number) > 15] == []


def test_numbers_are_written_and_read_as_din_5008_has_them():
    for index in (0, 6, 12, 13, 19, 2_499, 99_999):
        phone = numbers.switchboard(index)
        assert phones.parse(phone.raw) == phone
        assert phones.display(phone.e164, phone.extension_digits) == phone.raw


def test_mobile_film_numbers_are_handed_out_once_each():
    mobiles = [phone for phone in map(numbers.mobile, range(10_000)) if phone]
    assert len(mobiles) == len({phone.e164 for phone in mobiles}) == 100
    assert [phone for phone in mobiles if not FILM_NUMBER.fullmatch(phone.e164) or phones.parse(phone.raw) != phone] == []
