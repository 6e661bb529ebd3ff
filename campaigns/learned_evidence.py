"""Why an article is suggested that the order lines speak for, in one sentence that can be counted after in the lines."""

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _, ngettext

from campaigns.learned.suggesting import Because, Offer, Rhythm
from campaigns.sentences import rhythm_text
from innendienst.lib import display

RHYTHM_DAYS_LEAST = 3
_EPOCH = dt.date(1970, 1, 1)


def sentence(offer: Offer, names: Mapping[int, str], today: dt.date) -> str:
    """The evidence for an offer; `names` are those of the products by id."""
    name = names[offer.product]
    if isinstance(offer.why, Rhythm):
        return _bought_before(name, offer.why, today)
    if offer.why.because is None:
        return _popular(name, offer.why)
    return _("%(together)s of %(owners)s customers with %(product)s also buy %(match)s.") % {
        "together": display.number(offer.why.together),
        "owners": display.number(offer.why.owners),
        "product": names[offer.why.because],
        "match": name,
    }


def customer_sentence(why: Rhythm, today: dt.date) -> str:
    """How the customer orders, whatever the product."""
    ago = display.ago(_date(why.last_on), today)
    if _has_rhythm(why):
        return _("Orders %(rhythm)s, last %(ago)s.") % {"rhythm": rhythm_text(_gap(why)), "ago": ago}
    count = display.number(why.own_days)
    return ngettext("Has ordered on one day, %(ago)s.", "Has ordered on %(count)s days, last %(ago)s.", why.own_days) % {
        "count": count,
        "ago": ago,
    }


def _bought_before(name: str, why: Rhythm, today: dt.date) -> str:
    ago = display.ago(_date(why.last_on), today)
    if _has_rhythm(why):
        return _("Buys %(product)s %(rhythm)s, last %(ago)s.") % {"product": name, "rhythm": rhythm_text(_gap(why)), "ago": ago}
    return ngettext(
        "Bought %(product)s on the only order day so far, %(ago)s.",
        "Bought %(product)s on %(count)s of %(days)s order days, last %(ago)s.",
        why.own_days,
    ) % {"product": name, "count": display.number(why.order_days), "days": display.number(why.own_days), "ago": ago}


def _popular(name: str, why: Because) -> str:
    """Where no product of his speaks for it: who else buys it."""
    if why.together:
        return ngettext(
            "%(count)s customer bought %(product)s in the last 30 days.",
            "%(count)s customers bought %(product)s in the last 30 days.",
            why.together,
        ) % {"count": display.number(why.together), "product": name}
    return ngettext(
        "%(count)s customer has bought %(product)s so far.", "%(count)s customers have bought %(product)s so far.", why.owners
    ) % {"count": display.number(why.owners), "product": name}


def _has_rhythm(why: Rhythm) -> bool:
    return why.order_days >= RHYTHM_DAYS_LEAST and not math.isnan(why.gap)


def _gap(why: Rhythm) -> Decimal:
    return Decimal(str(why.gap))


def _date(day: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=day)
