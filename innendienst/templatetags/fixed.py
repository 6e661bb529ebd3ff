"""The template tag `fixed`: markup that is the same for everybody who reads the language.

Most of a page is labels, addresses and icons, and putting them together again for each request costs more than the rows between
them (docs/performance.md). What stands here is rendered once per language and per value of the names it is given, and kept:

    {% fixed kind may_pick %}…{% endfixed %}    {% fixed url=customer.get_absolute_url %}…{% endfixed %}

The names are all that the markup can see. So nothing of one person's page can get into another's, and a name that was
forgotten shows at the first look. Values are few and plain: flags, kinds, choices. However many come, few are kept.
"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

_KEPT_MOST = 200


@register.tag
def fixed(parser: Parser, token: Token) -> "FixedNode":
    _tag, *given = token.split_contents()
    body = parser.parse(("endfixed",))
    parser.delete_first_token()
    named = (bit.partition("=") for bit in given)
    return FixedNode(body, {name: parser.compile_filter(value or name) for name, _sign, value in named})


class FixedNode(template.Node):
    child_nodelists = ("body",)

    def __init__(self, body: NodeList, reads: dict[str, FilterExpression]) -> None:
        self.body, self.reads = body, reads
        self._kept: dict[tuple, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        values = [read.resolve(context) for read in self.reads.values()]
        key = (get_language(), *values)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT_MOST:
                self._kept.clear()
            found = self._kept[key] = self.body.render(context.new(dict(zip(self.reads, values, strict=True))))
        return found
