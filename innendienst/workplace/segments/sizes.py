"""How large a group of customers is, in finished texts, as far as the filter is for the reader's eyes."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.segment_words import added_words, words
from customers.segments import Criteria, Size, all_customers, find, is_open_to, measure, open_part
from innendienst.lib import display


@dataclass(frozen=True)
class Preview:
    """`classes` are the customers of each ABC class; `proof` says what a control group could show, or why there is none."""

    count: str
    revenue: str
    classes: str
    proof: str = ""


def size_of(user: User, criteria: Criteria) -> Size:
    """One query over kept sums; what is not for the user's eyes filters nothing here."""
    return measure(find(all_customers(), open_part(user, criteria), timezone.localdate()))


def preview(size: Size, proof: str = "") -> Preview:
    classes = " · ".join(f"{one} {display.number(count)}" for one, count in size.by_class.items())
    return Preview(display.number(size.count), display.euros(size.revenue), classes, proof)


def criteria_words(user: User, criteria: Criteria) -> list[str]:
    """The filter in words; that there is more than the user may read is said."""
    if is_open_to(user, criteria):
        return words(criteria) + added_words(criteria)
    return [*words(criteria), _("and a choice of the management")]
