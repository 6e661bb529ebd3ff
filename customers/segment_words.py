"""What a filter over customers finds, in words of the reader."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _, ngettext

from accounts.models import Team
from customers.segments import PICKED, Criteria, How, added_criteria
from innendienst.lib import display


def words(criteria: Criteria) -> list[str]:
    """One text for each criterion, none where nothing filters; what an app above added is left out: it is not for everybody."""
    return list(_words(criteria))


def added_words(criteria: Criteria) -> list[str]:
    """What apps above added, for those who may use it (segments.is_open_to)."""
    found = []
    for key, criterion in added_criteria().items():
        if codes := criteria.get(key):
            labels = dict(criterion.choices)
            found.append(f"{criterion.label}: " + ", ".join(str(labels.get(code, code)) for code in codes))  # type: ignore[attr-defined]
    return found


def _words(criteria: Criteria) -> Iterator[str]:
    if abc := criteria.get("abc"):
        yield _("ABC class %(classes)s") % {"classes": ", ".join(abc)}  # type: ignore[arg-type]
    if churn := criteria.get("churn"):
        yield _("rhythm: %(bands)s") % {"bands": ", ".join(band_names()[band] for band in churn)}  # type: ignore[attr-defined]
    if industry := criteria.get("industry"):
        yield _("industry %(industry)s …") % {"industry": industry}
    if region := criteria.get("region"):
        yield _("postcodes %(region)s") % {"region": region}
    if team := criteria.get("team"):
        yield _("team %(team)s") % {"team": Team.objects.filter(pk=team).values_list("name", flat=True).first() or display.UNKNOWN}
    texts = {
        "revenue_from": _("revenue 12 months from %(amount)s on"),
        "revenue_to": _("revenue 12 months up to %(amount)s"),
        "value_from": _("customer value from %(amount)s on"),
    }
    for name, text in texts.items():
        if value := criteria.get(name):
            amount = Decimal(str(value))
            yield text % {"amount": display.number(amount) if name == "value_from" else display.euros(amount)}
    if quiet := criteria.get("quiet_months"):
        count = int(str(quiet))
        yield ngettext("no order for %(count)s month", "no order for %(count)s months", count) % {"count": count}
    for row in criteria.get("purchases") or ():  # type: ignore[attr-defined]
        yield purchase_words(row)
    if picked := criteria.get(PICKED):
        yield _("chosen by hand: %(customers)s") % {"customers": picked_words(len(picked))}  # type: ignore[arg-type]


def picked_words(count: int) -> str:
    return ngettext("%(count)s customer", "%(count)s customers", count) % {"count": display.number(count)}


def purchase_words(row: Mapping[str, str]) -> str:
    facts = {"goods": row.get("name") or row["what"], "count": row.get("months") or 12}
    if row["how"] == How.NEVER:
        return _("never bought: %(goods)s") % facts
    if row["how"] == How.BOUGHT:
        return _("bought within %(count)s months: %(goods)s") % facts
    return _("bought before, not within %(count)s months: %(goods)s") % facts


def band_names() -> dict[str, str]:
    """Codes of the customer's rhythm (customers/bands.py) and their names."""
    return {"in_rhythm": _("in rhythm"), "due": _("due"), "overdue": _("overdue"), "lost": _("lost?")}
