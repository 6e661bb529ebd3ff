"""What the data say for the cells of a reference plan: always for the grey ones, and as a proposal for white ones nobody wrote."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone, translation

from customers.models import Customer
from innendienst.lib.planning.models import Bound
from nps.models import Response
from referrals.models import ReferenceCustomer, ReferenceMoment, ReferenceUse
from referrals.plans import contacts, hits, template
from referrals.plans.models import ReferencePlan, ReferencePlanRow
from referrals.plans.template import FLAGS, NO, RATINGS, YES
from referrals.standing import Standing, load_standings
from referrals.suitability import Gate, Traits, suitability

_Values = Iterator[tuple[str, str]]
_State = ReferenceCustomer.State
_ANSWERS = {
    _State.THINKING: "thinking", _State.AGREED: "agreed", _State.RELEASED: "agreed", _State.IN_USE: "agreed", _State.DECLINED: "declined",
}  # fmt: skip
_WHY = "a plan's own rows"


def bind(plan: ReferencePlan, rows: Sequence[ReferencePlanRow]) -> Bound:
    """A fixed number of queries, however many rows."""
    with translation.override(settings.LANGUAGE_CODE):  # what is kept reads the same whoever asked for it
        return _bind(plan, rows, timezone.localdate())


def _bind(plan: ReferencePlan, rows: Sequence[ReferencePlanRow], today: dt.date) -> Bound:
    known = _Known([row.customer_id for row in rows if row.customer_id], today)
    uses = ReferenceUse.objects.for_system(_WHY).select_related("customer", "prospect", "scope").prefetch_related("thanks")
    used = uses.in_bulk([row.use_id for row in rows if row.use_id])
    named = contacts.load([row.referral_id for row in rows if row.referral_id])
    answered = hits.answers(plan, today) if any(row.section == template.LIST for row in rows) else {}
    found = {}
    for row in rows:
        match row.section:
            case template.LIST:
                values = iter(answered.get(row.values.get("question", ""), {}).items())
            case template.SUITABILITY if row.customer_id in known.customers:
                values = known.suitability(row)
            case template.ASKING if row.customer_id in known.customers:
                values = known.asking(row)
            case template.USES if row.use_id in used:
                values = _use(used[row.use_id])
            case template.CONTACTS if row.referral_id in named:
                values = contacts.values(named[row.referral_id], today)
            case _:
                continue
        found |= {(row.pk, column): value for column, value in values}
    return found


class _Known:
    """What is known of the customers that a plan names."""

    def __init__(self, ids: Sequence[int], today: dt.date) -> None:
        self.customers: dict[int, Customer] = Customer.objects.for_system(_WHY).in_bulk(ids)
        self._standings = load_standings(self.customers.values(), today)
        references = ReferenceCustomer.objects.for_system(_WHY).filter(customer__in=ids).select_related("contact")
        self._references = {row.customer_id: row for row in references.prefetch_related("scopes")}
        self._answers = _named_answers(ids)
        self._moments = {
            moment.customer_id: moment
            for moment in ReferenceMoment.objects.for_system(_WHY)
            .filter(customer__in=ids, valid_until__gte=today, opens_on__lte=today)
            .undisturbed()
            .exclude(kind=ReferenceMoment.Kind.PROMOTER)  # who answered what is not everybody's to know
            .order_by("suggested_on", "occasion_on")
        }

    def suitability(self, row: ReferencePlanRow) -> _Values:
        customer, standing = self.customers[row.customer_id], self._standings[row.customer_id]
        reference, written = self._references.get(customer.pk), _written(row)
        yield "customer", _called(customer)
        if customer.customer_since:
            yield "since", str(customer.customer_since.year)
        yield "regular", YES if standing.traits.is_regular else NO
        yield "complaint", YES if Gate.COMPLAINT in standing.gates else NO
        if reference is not None:
            yield from _ratings(reference)
        if customer.pk in self._answers:
            yield "last_rating", str(self._answers[customer.pk])
        points = suitability(_as_written(standing, written)).value
        if points is not None and not standing.gates:
            yield "suitability", str(points)

    def asking(self, row: ReferencePlanRow) -> _Values:
        customer, reference = self.customers[row.customer_id], self._references.get(row.customer_id)
        yield "customer", _called(customer)
        if customer.pk in self._moments:
            yield "occasion", _occasion(self._moments[customer.pk])
        if reference is None:
            return
        if reference.asked_by_id:
            yield "asker", str(reference.asked_by_id)
        yield from _days(ask_on=reference.asked_on, thinking_until=reference.thinking_until)
        if reference.asked_on:
            yield "request", "reference"
        if reference.state in _ANSWERS:
            yield "answer", _ANSWERS[_State(reference.state)]
        scopes = [scope for scope in reference.scopes.all() if scope.withdrawn_at is None]
        if scopes:
            yield "scope", ", ".join(str(scope.get_kind_display()) for scope in scopes)
            yield "limits", ", ".join(filter(None, (scope.limits for scope in scopes)))
            ends = [scope.valid_until for scope in scopes if scope.valid_until]
            yield from _days(valid_until=min(ends, default=None))
        yield "released", YES if any(scope.released_on for scope in scopes) and reference.is_usable else NO


def _ratings(reference: ReferenceCustomer) -> _Values:
    if reference.contact:
        yield "contact", reference.contact.full_name
    for name in RATINGS:
        if getattr(reference, name) is not None:
            yield name, str(getattr(reference, name))
    for name in FLAGS:
        yield name, YES if getattr(reference, name) else NO


def _written(row: ReferencePlanRow) -> dict[str, str]:
    """What people wrote into the row; proposals are left out, they may be of yesterday."""
    return {cell.column: cell.value for cell in row.cells.all() if cell.edited_by_id}


def _as_written(standing: Standing, written: dict[str, str]) -> Traits:
    """What is known of him, with the ratings that the plan's own row says otherwise."""
    traits = standing.traits
    rated = {name: int(written[name]) if written.get(name) else getattr(traits, name) for name in RATINGS}
    flags_count = sum(written[name] == YES for name in FLAGS if written.get(name)) if any(written.get(name) for name in FLAGS) else None
    return Traits(
        **rated,
        flags_count=traits.flags_count if flags_count is None else flags_count,
        is_regular=traits.is_regular,
        last_rating=traits.last_rating,
    )


def _named_answers(ids: Sequence[int]) -> dict[int, int]:
    """Customer id → his last answer, of surveys that said names are shown."""
    answers = Response.objects.for_system(_WHY).counted().filter(customer__in=ids, wave__shows_names=True)
    return dict(answers.order_by("answered_on", "pk").values_list("customer", "rating"))


def _use(use: ReferenceUse) -> _Values:
    yield "customer", _called(use.customer)
    yield from _days(used_on=use.used_on, told_on=use.feedback_given_at, thanked_on=use.thanked_at)
    yield "prospect", _called(use.prospect) if use.prospect else ""
    yield "kind", use.scope.kind
    yield "outcome", use.outcome
    for thanks in list(use.thanks.all())[-1:]:
        yield "how", thanks.how
        yield "value", f"{thanks.value:.2f}" if thanks.value else ""


def _called(customer: Customer) -> str:
    """So that it is found again by its number, whatever else is called so."""
    return f"{customer.name} ({customer.number})"


def _days(**days: dt.date | dt.datetime | None) -> _Values:
    for column, day in days.items():
        if day is not None:
            yield column, (timezone.localdate(day) if isinstance(day, dt.datetime) else day).isoformat()


def _occasion(moment: ReferenceMoment) -> str:
    return f"{moment.get_kind_display()} {moment.occasion_on:%d.%m.%Y}"
