"""The template tag for long lists: one rendering of the markup, every row's values in it."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe


def render(body: str, *rows: dict, **context) -> str:
    listed = [SimpleNamespace(**row) for row in rows]
    return Template("{% load rows %}{% rows listed %}" + body + "{% endrows %}").render(Context({"listed": listed, **context}))


def test_each_row_fills_the_places_by_its_attributes():
    assert render('<a href="{url}">{name}</a>;', {"url": "/1/", "name": "Ida"}, {"url": "/2/", "name": "Kim"}) == (
        '<a href="/1/">Ida</a>;<a href="/2/">Kim</a>;'
    )


def test_what_does_not_depend_on_the_row_is_ordinary_template_language():
    assert render("{% if shows %}{{ label }}: {name}{% endif %} ", {"name": "Ida"}, shows=True, label="A & B") == "A &amp; B: Ida "


def test_a_text_is_escaped_and_a_safe_string_is_not():
    assert render("{name}{mark}", {"name": "<b>\"'&", "mark": mark_safe("<i>")}) == "&lt;b&gt;&quot;&#x27;&amp;<i>"


@pytest.mark.parametrize("name", ["{name}", "{0}", "{name.__class__}", "100 % {%s}", "%s %(name)s"])
def test_a_value_never_becomes_a_place_itself(name):
    assert render("{name}|{name}", {"name": name}) == f"{name}|{name}"


def test_only_names_in_braces_are_places():
    assert render('100 % {} {"a": 1} { name } {name}', {"name": "Ida"}) == '100 % {} {"a": 1} { name } Ida'


def test_numbers_keep_their_digits():
    assert render('value="{pk}"', {"pk": 12345}) == 'value="12345"'


def test_a_row_without_the_attribute_is_an_error_and_not_a_gap():
    with pytest.raises(AttributeError):
        render("{nmae}", {"name": "Ida"})


def test_no_rows_draw_nothing():
    assert render("<tr>{name}</tr>") == ""
