"""Long lists: the row's markup is rendered once, and each row's values are put into it.

Django's loop resolves every variable of every row anew, which on a page of fifty rows costs more than all else together
(docs/performance.md). Here `{name}` stands for an attribute of the row:

    {% rows page.rows %}<tr><td aria-label="{{ label_name }}"><a href="{url}">{name}</a></td></tr>{% endrows %}

Whatever does not depend on the row, labels and conditions too, is ordinary template language. A row brings finished texts: there
are no filters and no conditions on its values. Texts are escaped, safe strings are not.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from html import escape
from operator import attrgetter

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeData, SafeString, mark_safe

register = template.Library()

_PLACE = re.compile(r"\{([a-z_]+)\}")
_HAS_SPECIAL = re.compile("[&<>\"']").search
_FIT_AS_THEY_ARE = frozenset({str, SafeString, int})


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
    pattern, read = _places(markup)
    filled = [pattern % _escaped(read(row)) for row in listed]
    return mark_safe("".join(filled))  # noqa: S308 - the markup was rendered by the template engine, the values are escaped


@lru_cache(maxsize=500)
def _places(markup: str) -> tuple[str, Callable[[object], Sequence[object]]]:
    """The markup as a pattern for `%`, and what reads the values of its places from a row."""
    pieces = _PLACE.split(markup)
    names = pieces[1::2]
    read = attrgetter(*names) if len(names) > 1 else lambda row: [attrgetter(name)(row) for name in names]
    return "%s".join(piece.replace("%", "%%") for piece in pieces[::2]), read


def _escaped(values: Sequence[object]) -> tuple:
    """As Django escapes. In most rows there is nothing to escape, which is found out for all of its texts at once."""
    if _FIT_AS_THEY_ARE.issuperset(map(type, values)) and not _HAS_SPECIAL("".join([value for value in values if type(value) is str])):
        return tuple(values)
    return tuple([value if isinstance(value, SafeData) or not _HAS_SPECIAL(text := str(value)) else escape(text) for value in values])
