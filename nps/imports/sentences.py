"""What is said about a list of answers besides what is said about every list."""

from django.utils.translation import gettext_lazy as _, ngettext_lazy

from customers.imports import sentences

sentences.add(
    rows={
        "answer_without_customer": _("There is no customer with the number “%(value)s”; the answer counts without a customer."),
        "day_unreadable": _("“%(value)s” is not a date; the answer counts for the day on which the survey began."),
        "answer_kept": _(
            "This answer is stored already (%(stored)s) and was not changed to %(value)s: answers of customers are never edited."
        ),
        "answer_unknown": _("“%(value)s” is no answer of this survey; the row counts as a new answer."),
    },
    notes={
        "not_answered": ngettext_lazy("%(count)s row has no answer yet.", "%(count)s rows have no answer yet.", "number"),
        "answers_known": ngettext_lazy("%(count)s answer was stored already.", "%(count)s answers were stored already.", "number"),
    },
    files={
        "zero_on_scale_from_1": _(
            "The list holds the rating 0 %(count)s times, which the scale 1–10 does not have. "
            "Choose the scale 0–10 for it, or correct the list. Nothing was imported."
        ),
        "scale_fixed": _("The survey “%(wave)s” has the scale %(scale)s, and answers exist. Choose another survey. Nothing was imported."),
        "no_answers": _("No row holds a rating that can be read. Nothing was imported."),
    },
)
