"""Long lists: the row's markup is rendered once, and each row's values are put into it.

Django's loop resolves every variable of every row anew, which on a page of fifty rows costs more than all else together
(docs/performance.md). Here `{name}` stands for an attribute of the row:

    {% rows page.rows %}<tr><td aria-label="{{ label_name }}"><a href="{url}">{name}</a></td></tr>{% endrows %}

Whatever does not depend on the row, labels and conditions too, is ordinary template language. A row brings finished texts: there
are no filters and no conditions on its values. Texts are escaped, safe strings are not.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from operator import attrgetter

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeData, SafeString, mark_safe

register = template.Library()

_PLACE = re.compile(r"\{([a-z_]+)\}")
_HAS_SPECIAL = re.compile("[&<>\"']").search


@register.tag
def rows(parser: Parser, token: Token) -> "RowsNode":
    _tag, listed = token.split_contents()
    body = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(parser.compile_filter(listed), body)


class RowsNode(template.Node):
    child_nodelists = ("body",)

    def __init__(self, listed: FilterExpression, body: NodeList) -> None:
        self.listed, self.body = listed, body

    def render(self, context: template.Context) -> SafeString:
        return fill(self.body.render(context), self.listed.resolve(context))


def fill(markup: str, listed: Iterable[object]) -> SafeString:
    """The markup once per row. Values never become places themselves, whatever they hold."""
    pattern, names = _places(markup)
    reads = [attrgetter(name) for name in names]
    filled = (pattern % tuple([_escaped(read(row)) for read in reads]) for row in listed)
    return mark_safe("".join(filled))  # noqa: S308 - the markup was rendered by the template engine, the values are escaped


@lru_cache(maxsize=500)
def _places(markup: str) -> tuple[str, list[str]]:
    """The markup as a pattern for `%`, and the names of its places in their order."""
    pieces = _PLACE.split(markup)
    return "%s".join(piece.replace("%", "%%") for piece in pieces[::2]), pieces[1::2]


def _escaped(value: object) -> str:
    if isinstance(value, SafeData):
        return value
    text = str(value)
    return escape(text) if _HAS_SPECIAL(text) else text  # few have, and looking is cheaper than replacing
