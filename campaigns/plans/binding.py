"""What the data say for the bound cells of a sales plan."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from campaigns.measures.models import Possibility
from campaigns.plans import template
from campaigns.plans.figures import Brought, Possible, Results, potentials
from campaigns.plans.models import SalesPlan, SalesPlanRow
from customers.models import Segment
from customers.segments import Criteria, added_criteria
from innendienst.lib.planning.models import Bound

_ALL_KINDS = tuple(kind for one in Possibility for kind in one.kinds)
_Values = Iterator[tuple[str, str]]


def bind(plan: SalesPlan, rows: Sequence[SalesPlanRow]) -> Bound:
    """Four queries, however many rows, and two more for each saved filter that ideas name."""
    spans = [span for row in rows if row.section == template.MEASURES and (span := _span(row.values))]
    from_on = min([plan.starts_on, *(start for start, _end in spans)])
    until_on = max([plan.ends_on, *(end for _start, end in spans)])
    results = Results(plan.team, from_on, until_on)
    named = named_filters(row.values.get("target", "") for row in rows if row.section == template.IDEAS)
    possible = {"": potentials(plan.team), **{name: potentials(plan.team, criteria) for name, criteria in named.items()}}
    return {(row.pk, column): value for row in rows for column, value in _values(plan, row, results, possible)}


def _values(plan: SalesPlan, row: SalesPlanRow, results: Results, possible: Mapping[str, Possible]) -> _Values:
    values = row.values
    match row.section:
        case template.HEAD:
            yield from _brought(results.of(_ALL_KINDS, plan.starts_on, plan.ends_on))
        case template.DONE:
            yield from _brought(results.of(_kinds(values), plan.starts_on, plan.ends_on))
        case template.IDEAS:
            yield from _potential(values, possible.get(values.get("target", "").casefold(), possible[""]))
        case template.MEASURES if (span := _span(values)) and values.get("possibility"):
            brought = results.of(_kinds(values), *span)
            yield from _brought(brought)
            if values.get("goal_revenue"):
                yield "gap", f"{brought.revenue - Decimal(values['goal_revenue']):.2f}"


def _brought(brought: Brought) -> _Values:
    yield "contacts", str(brought.contacts)
    yield "orders", str(brought.orders)
    yield "revenue", f"{brought.revenue:.2f}"
    if brought.margin is not None:
        yield "margin", f"{brought.margin:.2f}"


def _potential(values: Mapping[str, str], possible: Possible) -> _Values:
    kinds, group = _kinds(values), int(values["group"]) if values.get("group") else None
    found = [possible[kind, group] for kind in kinds if (kind, group) in possible]
    if not kinds:
        return
    yield "customers", str(sum(one.customers for one in found))
    yield "ways", " / ".join(str(sum(getattr(one, way) for one in found)) for way in ("by_phone", "by_letter", "by_email"))
    yield "revenue", f"{sum((one.revenue for one in found), Decimal(0)):.2f}"
    yield "margin", f"{sum((one.margin for one in found), Decimal(0)):.2f}"


def named_filters(names: Iterable[str]) -> dict[str, Criteria]:
    """Folded name → criteria, of saved filters that are for everybody's eyes, as the plan is."""
    wanted = {name.casefold() for name in names if name}
    if not wanted:
        return {}
    found = {one.name.casefold(): one.criteria for one in Segment.objects.all()}
    return {name: criteria for name, criteria in found.items() if name in wanted and not added_criteria().keys() & criteria.keys()}


def _kinds(values: Mapping[str, str]) -> tuple[str, ...]:
    code = values.get("possibility", "")
    return Possibility(code).kinds if code in Possibility.values else ()


def _span(values: Mapping[str, str]) -> tuple[dt.date, dt.date] | None:
    """The days of a measure; None while one of them is missing or they stand the wrong way round."""
    if not (values.get("starts_on") and values.get("ends_on")):
        return None
    start, end = dt.date.fromisoformat(values["starts_on"]), dt.date.fromisoformat(values["ends_on"])
    return (start, end) if start <= end else None
