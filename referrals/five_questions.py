"""The five questions of the chapter in its own order, and how they are worded."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Question(StrEnum):
    """In the order of the chapter."""

    REGULAR = "regular"
    COMPLETED = "completed"
    MADE_GOOD = "made_good"
    RECOMMEND = "recommend"
    NAME = "name"


LABELS = {
    Question.REGULAR: _("Which regular customers make fine references?"),
    Question.COMPLETED: _("Which sales or projects were just completed?"),
    Question.MADE_GOOD: _("Whom did we make happy after a complaint?"),
    Question.RECOMMEND: _("Who could recommend us?"),
    Question.NAME: _("Who could name others?"),
}
