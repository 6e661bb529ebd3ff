import pytest
from django.template import Context, Template
from django.utils import translation

LABEL = "{% load fixed i18n %}{% fixed is_on %}{% translate 'Customers' %}{% if is_on %}!{% endif %}{{ name }}{% endfixed %}"


class Counted:
    """A value that knows how often a template asked for it."""

    asked = 0

    def __str__(self) -> str:
        self.asked += 1
        return "seen"


def test_the_markup_is_kept_per_language_and_value():
    template = Template(LABEL)
    written = []
    for language, is_on in (("de", True), ("en", True), ("de", False), ("de", True)):
        with translation.override(language):
            written.append(template.render(Context({"is_on": is_on})))
    assert written == ["Kunden!", "Customers!", "Kunden", "Kunden!"]


def test_what_was_kept_is_not_put_together_again():
    template, value = Template("{% load fixed %}{% fixed value %}{{ value }}{% endfixed %}"), Counted()
    assert [template.render(Context({"value": value})) for _turn in range(3)] == ["seen"] * 3
    assert value.asked == 1


def test_nothing_of_the_page_that_was_not_named_gets_in():
    template = Template(LABEL)
    assert template.render(Context({"is_on": False, "name": "Anna"})) == "Kunden"


def test_a_name_may_stand_for_an_expression():
    template = Template("{% load fixed %}{% fixed town=customer.town|upper %}{{ town }}{% endfixed %}")
    assert [template.render(Context({"customer": {"town": town}})) for town in ("Ulm", "Jena")] == ["ULM", "JENA"]


def test_many_values_do_not_pile_up():
    template = Template("{% load fixed %}{% fixed number %}{{ number }}{% endfixed %}")
    for number in range(1000):
        template.render(Context({"number": number}))
    [node] = [node for node in template.nodelist if hasattr(node, "reads")]
    assert len(node._kept) <= 200


@pytest.mark.parametrize("markup", ["{% fixed a b %}", "{% fixed %}{% endrows %}"])
def test_an_open_tag_is_refused(markup: str):
    with pytest.raises(Exception, match="endfixed"):
        Template("{% load fixed rows %}" + markup)
