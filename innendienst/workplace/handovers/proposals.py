"""What speaks for a visit before anybody asked: products that need a demonstration, a new customer, rules agreed on in the plan."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _, ngettext

from campaigns.handovers import HANDED_OVER_FROM
from campaigns.models import OpportunityItem
from campaigns.plans.rules import FieldRule, rules_in_force
from customers.handover_rules import answered_within, is_new, proposed_criteria
from customers.models import Customer


def is_new_customer(customer: Customer, today: dt.date) -> bool:
    facts = getattr(customer, "facts", None)
    return is_new(customer.lifecycle, first_order_on=facts and facts.first_order_on, customer_since=customer.customer_since, today=today)


def needs_demo(customer: Customer) -> bool:
    """Whether one of the articles of his open reasons is sold by showing it."""
    items = OpportunityItem.objects.filter(opportunity__customer=customer, opportunity__state__in=HANDED_OVER_FROM)
    return items.filter(product__needs_demo=True).exists()


Rules = Mapping[str, FieldRule]


def agreed_rules(customer: Customer, today: dt.date) -> Rules:
    """Tick of the checklist → what the plan in force for the customer's team says about it."""
    return rules_in_force(customer.owner.team_id if customer.owner else None, today)


def ticked_beforehand(customer: Customer, today: dt.date, rules: Rules) -> list[str]:
    """Codes of the checklist."""
    return proposed_criteria(
        is_new=is_new_customer(customer, today), needs_demo=needs_demo(customer), has_field_owner=customer.field_owner_id is not None,
        wants_visit=customer.wants_visit, speakers={code: rule.speaker for code, rule in rules.items() if rule.speaker},
    )  # fmt: skip


def rule_text(rule: FieldRule) -> str:
    """ "Außendienst spricht an, ab dem zweiten Gespräch, Antwort in 5 Arbeitstagen, Rückmeldung an Anna Lang"."""
    speakers = {
        "inside_sales": _("inside sales speaks"), "field_sales": _("field sales speaks"), "both": _("both speak together"),
    }  # fmt: skip
    days = ngettext("answer within %(days)s working day", "answer within %(days)s working days", rule.days or 0) % {"days": rule.days}
    feedback = _("feedback to %(name)s") % {"name": rule.feedback_to}
    parts = (speakers.get(rule.speaker), rule.from_when, rule.days and days, rule.feedback_to and feedback)
    return ", ".join(filter(None, parts))


def preset_of(customer: Customer, criteria: Collection[str], today: dt.date) -> tuple[int, str]:
    """What the plan presets for a hand-over with these ticks: working days to answer, and a line for the note ("" without one)."""
    rules = agreed_rules(customer, today)
    within = answered_within({code: rule.days for code, rule in rules.items() if rule.days}, criteria)
    names = dict.fromkeys(rules[code].feedback_to for code in criteria if code in rules and rules[code].feedback_to)
    return within, _("Feedback to: %(names)s") % {"names": ", ".join(names)} if names else ""


def proposal_text(*, is_new: bool, needs_demo: bool) -> str:
    """Why the call form proposes a visit; "" where it does not."""
    if needs_demo:
        return _("Proposed: needs a demonstration")
    return _("Proposed: new customer") if is_new else ""
