"""Pages of long lists: a bounded count, a bounded reach."""

import pytest

from accounts.models import Team
from innendienst.lib import paging
from innendienst.lib.paging import BoundedPage, read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def teams():
    Team.objects.bulk_create(Team(name=f"Team {index:02d}") for index in range(25))
    return Team.objects.order_by("name")


@pytest.mark.parametrize(
    ("asked", "number", "first", "last", "has_next"),
    [
        (None, 1, 1, 10, True),
        ("1", 1, 1, 10, True),
        ("3", 3, 21, 25, False),
        ("9", 3, 21, 25, False),
        ("0", 1, 1, 10, True),
        ("x", 1, 1, 10, True),
    ],
)
def test_a_page_knows_its_place(teams, asked, number, first, last, has_next):
    page = read_page(teams, asked, 10)
    assert (page.number, page.start_index, page.end_index, page.has_next, page.has_previous) == (number, first, last, has_next, number > 1)


@pytest.mark.parametrize(("asked", "per_page", "counted"), [(None, 50, "25"), (None, 10, "25"), ("3", 10, "25")])
def test_one_query_finds_and_counts_and_one_loads(teams, django_assert_max_num_queries, asked, per_page, counted):
    with django_assert_max_num_queries(2):
        page = read_page(teams, asked, per_page)
    assert page.count == counted


@pytest.mark.parametrize(("asked", "rows"), [("1", 10), ("3", 5), ("4", 10)])
def test_beyond_what_is_counted_the_pages_go_on(teams, monkeypatch, asked, rows):
    monkeypatch.setattr(paging, "COUNTED_MOST", 10)
    page = read_page(teams, asked, 10)
    assert (len(page.rows), page.count) == (rows, "10+")


def test_what_only_the_order_needs_is_left_out_of_the_count(teams, django_assert_num_queries):
    by_mail = teams.order_by("members__email", "name")
    with django_assert_num_queries(2):
        page = read_page(by_mail, "2", 10, unsorted=Team.objects.all())
    assert ([team.name for team in page.rows][:1], page.count) == (["Team 10"], "25")
    assert (
        read_page(by_mail, "9", 10, unsorted=Team.objects.all()).count,
        read_page(teams.none(), "1", 10, unsorted=teams.none()).count,
    ) == ("25", "0")


def test_counting_ends_where_nobody_reads_on(teams, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED_MOST", 20)
    assert read_page(teams, None, 10).count == "20+"


def test_no_page_lies_beyond_the_reach(teams, monkeypatch):
    monkeypatch.setattr(paging, "ROWS_REACHED_MOST", 20)
    page = read_page(teams, "3", 10)
    assert (page.number, page.has_next) == (2, False)


def test_large_numbers_are_grouped():
    assert BoundedPage([], 1, 50, 1_001, has_next=True, counted_most=1_000).count == "1.000+"


def test_what_the_page_shows_may_be_loaded_differently_from_what_is_found(teams):
    page = read_page(teams, "2", 10, lambda ids: [f"row {pk}" for pk in ids])
    assert page.rows[0] == f"row {teams[10].pk}"
    assert len(page.rows) == 10
