"""Why two customers are not merged, in words that say what to do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from customers.models import Customer
from innendienst.merging.clashes import Refusal


def refused(reasons: Iterable[Refusal], kept: Customer, gone: Customer) -> list[str]:
    """A sentence for each."""
    facts = {"kept": kept.number, "gone": gone.number}
    sentences = {
        Refusal.SAME: _("That is one customer already."),
        Refusal.GONE: _("One of the two was merged meanwhile. Look at the list once more."),
        Refusal.IMPORT: _("A list is being taken over just now. Try again in a few minutes."),
        Refusal.HANDOVERS: _("Both are with field sales just now. Bring one of the two hand-overs to its end first."),
        Refusal.OTHER_WAY: _("%(gone)s is on its way as a reference or has declined, %(kept)s is rated only. Let %(gone)s stay."),
        Refusal.REFERENCES: _(
            "Both are reference customers with a state of their own. Withdraw both references, or leave the customers apart."
        ),
    }
    return [sentences[reason] % facts for reason in reasons]
