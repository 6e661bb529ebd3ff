"""Template tags: what a page gets from them."""

import datetime as dt

import pytest
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory

from innendienst.templatetags import ui


def render(source: str, address: str = "/customers/?q=Müller&sort=name&page=3", **context) -> str:
    return Template(source).render(Context({"request": RequestFactory().get(address), **context}))


def test_an_icon_is_drawn_into_the_page_and_silent():
    drawn = ui.icon("telephone")
    assert drawn.startswith('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path ')
    assert drawn.endswith("</svg>")
    assert drawn is ui.icon("telephone")


def test_an_unknown_icon_is_an_error_and_not_a_gap():
    with pytest.raises(FileNotFoundError):
        ui.icon("no-such-icon")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("page=4", "?q=M%C3%BCller&amp;sort=name&amp;page=4"),
        ("page=None", "?q=M%C3%BCller&amp;sort=name"),
        ('q="" sort="-revenue" page=None', "?sort=-revenue"),
        ("q=None sort=None page=None", "?"),
    ],
)
def test_a_link_keeps_the_rest_of_the_query(changes, expected):
    assert render(f"{{% query {changes} %}}") == expected


@pytest.mark.parametrize(
    ("address", "href", "state"),
    [
        ("/?sort=name&page=2", "?sort=-name", 'aria-sort="ascending"'),
        ("/?sort=-name", "?sort=name", 'aria-sort="descending"'),
        ("/?sort=town", "?sort=name", ""),
        ("/", "?sort=name", ""),
    ],
)
def test_a_column_sorts_and_says_so(address, href, state):
    assert f'href="{href}"' in render('{% sort_link "name" "Firma" %}', address)
    assert render('{% sort_state "name" %}', address) == state


def test_a_column_of_figures_may_begin_with_the_highest():
    assert 'href="?sort=-revenue"' in render('{% sort_link "revenue" "Umsatz" "descending" %}', "/")


def test_the_lists_own_order_counts_until_another_is_chosen():
    assert render('{% sort_state "name" %}', "/", sort="name") == 'aria-sort="ascending"'
    assert render('{% sort_state "name" %}', "/?sort=town", sort="name") == ""


@pytest.mark.parametrize(
    ("tags", "address"), [("undo:/calls/7/undo/?back=day", "/calls/7/undo/?back=day"), ("", ""), (None, ""), ("other", "")]
)
def test_a_message_knows_how_its_act_is_undone(tags, address):
    assert ui.undo_url(Message(25, "Gespeichert.", extra_tags=tags)) == address


@pytest.mark.parametrize("name", ["ago", "since", "due", "day"])
def test_without_a_day_nothing_is_said(name):
    assert render(f"{{{{ day|{name} }}}}", day=None) == ""


def test_an_instant_counts_as_its_day_in_berlin():
    assert ui.day(dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)) == "23.11.2026"
