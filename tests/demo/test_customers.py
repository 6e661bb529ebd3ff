"""Customers are invented, repeatable and worth calling."""

from collections import Counter

import pytest

from customers.duplicates.rules import is_same_name
from innendienst.demo.customers import SHOWCASES, Course, make_company
from tests.demo.conftest import TIMELINE, TODAY

pytestmark = pytest.mark.rules


def test_a_customer_depends_on_seed_and_index_alone(companies):
    assert make_company(20, 731, TIMELINE) == companies[731]
    assert make_company(21, 731, TIMELINE) != companies[731]


def test_all_mail_goes_to_example_addresses(companies):
    addresses = [company.email for company in companies] + [person.email for company in companies for person in company.people]
    assert [address for address in addresses if address and not address.endswith(".example")] == []
    assert [address for address in addresses if not address.isascii() or " " in address] == []


def test_nobody_of_a_customer_is_listed_twice(companies):
    for company in companies:
        assert len({(person.first_name, person.last_name) for person in company.people}) == len(company.people)
        assert 1 <= len(company.people) <= 4


def test_names_have_umlauts_legal_forms_and_length(companies):
    names = [company.name for company in companies]
    for part in ("ß", "ü", "GmbH & Co. KG", "e. K.", "Öztürk", "Gemeinnützige Gesellschaft"):
        assert any(part in name for name in names), part
    assert max(map(len, names)) > 80
    assert Counter(names).most_common(1)[0][1] <= 8


def test_a_branch_names_its_head_office(companies):
    branches = [company for company in companies if company.head_office]
    assert 5 < len(branches) < 30
    for branch in branches:
        head_office = companies[int(branch.head_office) - 101]
        assert branch.name == f"{head_office.name}, Niederlassung {branch.town}"


def test_about_six_in_a_hundred_have_no_owner_and_the_rest_is_spread_over_sixteen_reps(companies):
    owners = Counter(company.owner for company in companies)
    assert 40 <= owners.pop(None) <= 85
    assert len(owners) == 16
    assert max(owners.values()) < 3 * min(owners.values())


def test_the_showcase_customers_are_annas_and_buy_to_this_day(companies):
    shown = [companies[index] for index in SHOWCASES]
    assert {(company.owner, company.course, company.last_day) for company in shown} == {("anna.lang", Course.STEADY, TIMELINE.end)}
    assert shown[0].name == "Bäckerei Müller & Söhne GmbH & Co. KG"
    assert (shown[0].postcode, shown[0].town) == ("01067", "Dresden")


def test_nobody_is_a_customer_since_a_day_that_has_not_come(companies):
    assert [company for company in companies if company.since_on and company.since_on >= TODAY] == []
    assert {company.course for company in companies if company.since_on is None} == {Course.PROSPECT}


def test_one_company_is_there_under_two_numbers(companies):
    one, other = companies[10], companies[85]
    assert one.number != other.number
    assert is_same_name(one.name, other.name)
    assert (one.postcode, one.email) == (other.postcode, other.email)
    assert other.owner != one.owner
