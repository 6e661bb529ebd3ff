"""Every address × every role × GET and POST × own and foreign rows: who gets in, who is refused, and that a refusal writes nothing.

The addresses come from the URL resolver, so a new one without a row here fails the test. Adding a row is one line in TABLE:
`page("capability", of="customer")` for what is read, `act(…)` for what is posted, `form(…)` for both.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Absence, Role, Team, User
from accounts.permissions import CAPABILITIES
from campaigns.measures.models import Measure
from campaigns.models import Opportunity, OpportunityAnswer, OrderMatch, Quote
from campaigns.plans.models import SalesPlan, SalesPlanRow
from campaigns.special.models import Campaign
from customers import objection_links, outbox
from customers.models import (
    Activity,
    Complaint,
    ComplaintTransition,
    Consent,
    ContactBlock,
    Customer,
    FollowUp,
    Handover,
    ImportRun,
    Merge,
    NotDuplicate,
    Order,
    ProductRelation,
    Segment,
)
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import audit, form_keys, jobs, preferences
from innendienst.base.models import StoredFile
from innendienst.base.preferences import CompanyPreferences
from nps import tokens
from nps.models import Case, Invitation, Response, SurveyWave
from referrals.models import (
    PublishedText,
    Recommender,
    ReferenceCustomer,
    ReferencePlan,
    ReferencePlanRow,
    ReferenceUse,
    ReferralContact,
    ReleaseScope,
)
from tests import factories
from tests.nps.scenes import make_invitation, make_wave
from tests.workplace.scenes import make_reason

TODAY = timezone.localdate
OUR_APPS = ("base", "accounts", "customers", "campaigns", "nps", "referrals")
OUR_TABLES = {model._meta.db_table for label in OUR_APPS for model in apps.get_app_config(label).get_models()}
SIGN_IN = "/accounts/login/"


@dataclass
class Things:
    """One row of each kind that an address or a form can name, all of one customer and one person."""

    customer: Customer
    order: Order
    activity: Activity
    follow_up: FollowUp
    opportunity: Opportunity
    answer: OpportunityAnswer
    complaint: Complaint
    complaint_step: ComplaintTransition
    absence: Absence
    import_run: ImportRun
    own_import: ImportRun
    relation: ProductRelation
    wave: SurveyWave
    invitation: Invitation
    case: Case
    plan_row: SalesPlanRow
    measure: Measure
    campaign: Campaign
    segment: Segment
    match: OrderMatch
    handover: Handover
    scope: ReleaseScope
    use: ReferenceUse
    referral: ReferralContact
    reference_row: ReferencePlanRow
    twin: Customer
    apart: NotDuplicate
    merge: Merge


ADDRESSES: dict[str, Callable[[Things], dict]] = {
    "": lambda things: {},
    "customer": lambda things: {"pk": things.customer.pk},
    "contact": lambda things: {"pk": things.customer.contacts.first().pk},
    "order": lambda things: {"pk": things.customer.pk, "order_pk": things.order.pk},
    "activity": lambda things: {"pk": things.activity.pk},
    "follow_up": lambda things: {"pk": things.follow_up.pk},
    "opportunity": lambda things: {"pk": things.opportunity.pk},
    "answer": lambda things: {"pk": things.answer.pk},
    "relation": lambda things: {"pk": things.relation.pk},
    "match": lambda things: {"pk": things.opportunity.pk, "match": things.match.pk},
    "guide": lambda things: {"kind": "reorder"},
    "quote": lambda things: {"pk": things.opportunity.pk, "version": 1},
    "complaint": lambda things: {"pk": things.complaint.pk},
    "complaint_step": lambda things: {"pk": things.complaint_step.pk},
    "twins": lambda things: {"kept_pk": things.customer.pk, "gone_pk": things.twin.pk},
    "merge": lambda things: {"pk": things.merge.pk},
    "apart": lambda things: {"pk": things.apart.pk},
    "absence": lambda things: {"pk": things.absence.pk},
    "import_run": lambda things: {"pk": things.import_run.pk},
    "own_import": lambda things: {"pk": things.own_import.pk},
    "wave": lambda things: {"pk": things.wave.pk},
    "wave_id": lambda things: {"wave_id": things.wave.pk},
    "secret": lambda things: {"secret": "guessed"},
    "wave_state": lambda things: {"pk": things.wave.pk, "to_state": "closed"},
    "invitation": lambda things: {"pk": things.invitation.pk},
    "case": lambda things: {"pk": things.case.pk},
    "response": lambda things: {"pk": things.case.response_id},
    "survey_link": lambda things: {"token": tokens.make(things.invitation.nonce)},
    "objection_link": lambda things: {"token": objection_links.make(things.customer.contacts.first())},
    "reference": lambda things: {"pk": things.scope.reference_id},
    "reference_step": lambda things: {"pk": things.scope.reference.transitions.get().pk},
    "question": lambda things: {"question": "regular"},
    "scope": lambda things: {"pk": things.scope.pk},
    "published_text": lambda things: {"pk": things.scope.texts.get().pk},
    "use": lambda things: {"pk": things.use.pk},
    "referral": lambda things: {"pk": things.referral.pk},
    "template": lambda things: {"kind": "sales"},
    "plan": lambda things: {"kind": "sales", "pk": things.plan_row.document_id},
    "plan_section": lambda things: {"kind": "sales", "pk": things.plan_row.document_id, "section": "B"},
    "plan_row": lambda things: {"kind": "sales", "pk": things.plan_row.document_id, "row_pk": things.plan_row.pk},
    "reference_row": lambda things: {"kind": "references", "pk": things.reference_row.document_id, "row_pk": things.reference_row.pk},
    "measure": lambda things: {"pk": things.measure.pk},
    "campaign": lambda things: {"pk": things.campaign.pk},
    "segment": lambda things: {"pk": things.segment.pk},
    "handover": lambda things: {"pk": things.handover.pk},
    "handover_act": lambda things: {"pk": things.handover.pk, "act": "visit"},
}


@dataclass(frozen=True)
class Row:
    """What is expected of one address.

    `capability` None stands for everybody, signed in or not. `of` names what the address leads to; `data` is what the form
    holds. `is_personal` rows are their person's alone, others' are not found whatever the visibility. `foreign` is the answer
    for a row outside one's visibility, `done` are the answers when everything is well.
    """

    capability: str | None
    methods: tuple[str, ...] = ("GET",)
    of: str = ""
    data: Callable[[Things], dict] = field(default=lambda things: {})
    names_thing: bool = False
    is_personal: bool = False
    foreign: int = 404
    done: tuple[int, ...] = (200, 302)


def page(capability: str | None, of: str = "", **options) -> Row:
    return Row(capability, ("GET",), of, **{"names_thing": bool(of), **options})


def act(capability: str | None, of: str = "", **options) -> Row:
    return Row(capability, ("POST",), of, **{"names_thing": bool(of), **options})


def form(capability: str | None, of: str = "", **options) -> Row:
    return Row(capability, ("GET", "POST"), of, **{"names_thing": bool(of), **options})


def named(**more) -> dict:
    """A customer named in the form, not in the address."""
    return {"data": lambda things: {"customer": things.customer.pk, **more}, "names_thing": True}


HTMX = {"HX-Request": "true", "HX-Target": "results"}  # whoever is refused a page is refused the part of it too
NOT_TAKEN = (405,)
SIGN_IN_FIRST = (302, 401)  # 401 is the sign-in page that keeps what was typed

TABLE: dict[str, Row] = {
    # open to everybody
    "health": page(None, done=(200, 503)),
    "account_login": form(None),
    "account_logout": form(None),
    "account_inactive": page(None),
    "account_signup": form(None),
    "account_reset_password": form(None),
    "account_reset_password_done": page(None),
    "account_reset_password_from_key": form(None),
    "account_reset_password_from_key_done": page(None),
    "admin:login": form(None, done=(302, 403)),
    # one's own account
    "account_change_password": form("self.edit", done=(200, 302, 429)),
    "account_set_password": form("self.edit", done=(200, 302, 429)),
    "account_settings": form("self.edit", done=(200, 302, 422)),
    "account_absence_add": act("self.edit", done=(200, 302, 422)),
    "account_calendar_make": act("self.edit"),
    "account_calendar_revoke": act("self.edit"),
    "absence_list": form("absence.manage", done=(200, 302, 422)),
    "absence_end": act("absence.manage", of="absence", names_thing=False, done=(302, 404)),
    "calendar_feed": page(None, of="secret", names_thing=False, done=(404,)),
    "notes": page("day.work"),
    "note_read": act("day.work", of="customer", names_thing=False),  # a note of nobody's changes nothing
    "account_absence_remove": act("self.edit", of="absence", is_personal=True),
    # setting up
    "first_hour": page("setup.run"),
    "first_hour_company": form("setup.run", done=(200, 302, 422)),
    "imports:list": page("import.run"),
    "imports:upload": form("import.run", done=(200, 302, 422)),
    "imports:confirm": act("import.run", of="import_run", names_thing=False),
    "imports:cancel": act("import.run", of="import_run", names_thing=False),
    "imports:columns": form("import.run", of="import_run", names_thing=False),
    "imports:sheet": act("import.run", of="import_run", names_thing=False),
    "imports:answer": act("import.run", of="import_run", names_thing=False),
    "imports:missing": form("import.run", of="import_run", names_thing=False),
    "imports:undo": form("import.run", of="import_run", names_thing=False),
    "imports:errors": page("import.run", of="import_run", names_thing=False, done=(200, 404)),
    "imports:check_again": act("import.run", of="import_run", names_thing=False),
    # one's own follow-ups: another's list is not found, whoever he is
    "own_imports:list": page("import.own"),
    "own_imports:upload": form("import.own", done=(200, 302, 422)),
    "own_imports:confirm": act("import.own", of="own_import", is_personal=True),
    "own_imports:cancel": act("import.own", of="own_import", is_personal=True),
    "own_imports:columns": form("import.own", of="own_import", is_personal=True),
    "own_imports:sheet": act("import.own", of="own_import", is_personal=True),
    "own_imports:answer": act("import.own", of="own_import", is_personal=True),
    "own_imports:undo": form("import.own", of="own_import", is_personal=True),
    "own_imports:errors": page("import.own", of="own_import", is_personal=True, done=(200, 404)),
    "own_imports:check_again": act("import.own", of="own_import", is_personal=True),
    "own_imports:run": page("import.own", of="own_import", is_personal=True),
    "imports:run": page("import.run", of="import_run", names_thing=False),  # imports are nobody's customers
    # customers
    "search": page("customer.see"),
    "customers:list": page("customer.see"),
    "customers:detail": page("customer.see", of="customer"),
    "customers:history": page("customer.see", of="customer"),
    "customers:orders": page("customer.see", of="customer"),
    "customers:documents": page("customer.see", of="customer"),
    "customers:order": page("customer.see", of="order"),
    "customers:follow_up_add": act("followup.edit", of="customer", data=lambda things: {"due_on": "+7", "note": "Preis"}),
    "customers:export": page("customer.see"),
    "customers:view_save": act("customer.see", data=lambda things: {"name": "Süden", "query": "abc=A"}),
    "customers:view_delete": act("customer.see", of="customer", names_thing=False, done=(404,)),  # nobody's view
    "customers:follow_up_many": act(
        "followup.edit", data=lambda things: {"chosen": things.customer.pk, "due_on": "+7"}, names_thing=True, foreign=302
    ),
    "customers:follow_up_many_undo": act("followup.edit"),
    "customers:prospect_add": form("lead.add", done=(200, 422)),
    "customers:edit": form("customer.edit", of="customer", done=(200, 302, 409)),
    "customers:contact_add": form("customer.edit", of="customer", done=(200, 422)),
    "customers:objection": form("contact.refuse", of="customer", done=(200, 422)),
    "customers:contact_edit": form("customer.edit", of="contact", done=(200, 422)),
    "call_talking": form("call.log", of="customer", done=(200, 204)),
    "customers:letter": form("call.log", of="customer", done=(200, 422)),
    "letter_print": page("call.log", of="activity", done=(404,)),  # it is a call
    "customers:needs": form("call.log", of="customer"),
    "customers:assign": act(
        "customer.assign", data=lambda things: {"chosen": things.customer.pk, "owner": "unassigned"}, names_thing=True, foreign=302
    ),
    "customers:assign_undo": act("customer.assign"),
    "customers:tag": act(
        "customer.edit", data=lambda things: {"chosen": things.customer.pk, "tag": "Messe"}, names_thing=True, foreign=302
    ),
    "customers:tag_undo": act("customer.edit"),
    "customers:tag_options": page("customer.see"),
    "customers:campaign_pick": act("campaign.write", data=lambda things: {"chosen": things.customer.pk}, names_thing=True, foreign=302),
    "customers:campaign_pick_undo": act("campaign.write"),
    "customers:duplicates": page("customer.merge"),
    "customers:duplicate_apart": act(
        "customer.merge", data=lambda things: {"first": things.customer.pk, "second": things.twin.pk}, names_thing=True
    ),
    "customers:duplicate_compare": form("customer.merge", of="twins", done=(200, 302, 409)),  # an empty form carries no version
    "customers:merge_undo": act("customer.merge", of="merge"),
    "customers:duplicate_again": act("customer.merge", of="apart"),
    "customers:hand_out": form("import.run", of="import_run", names_thing=False),
    "customers:pick": act("day.work", data=lambda things: {"chosen": things.customer.pk}, names_thing=True, foreign=302),
    # Mein Tag
    "my_day": page("customer.see"),
    "call_save": form("call.log", data=lambda things: call_of(things), names_thing=True),
    "call_incoming": page("call.log", done=(400,)),
    "call_gate": page("call.log", of="customer"),
    "call_correct": form("call.log", of="activity", is_personal=True, data=lambda things: {"note": "Berichtigt"}),
    "call_undo": act("call.log", of="activity", is_personal=True),
    "day_not_today": act("day.work", **named()),
    "day_again": act("day.work", done=(404,)),  # its customer stands in the query string; without one there is nothing
    "day_add": act("day.work", **named()),
    "day_pull": act("day.work"),
    "day_take_along": page("day.work"),
    "day_give_back": form("day.work", done=(200, 422)),
    "reason_source": page("customer.see", of="opportunity"),
    "reason_dismiss": act("opportunity.answer", of="opportunity", data=lambda things: {"reason": "not_suitable"}),
    "reason_undo": act("opportunity.answer", of="answer"),
    "follow_up_change": form(
        "followup.edit",
        of="follow_up",
        done=(200, 302, 422),
        data=lambda things: {"due_on": "+7", "person": things.follow_up.assignee_id},
    ),
    "follow_up_finish": act("followup.edit", of="follow_up", is_personal=True),
    "follow_up_take_back": act("followup.edit", of="follow_up", is_personal=True),
    "follow_up_reopen": act("followup.edit", of="follow_up", is_personal=True),
    "follow_up_snooze": act("followup.edit", of="follow_up", is_personal=True, data=lambda things: {"due_on": "+7"}),
    "follow_up_put_back": act("followup.edit", of="follow_up", is_personal=True, done=(404,)),  # its old day stands in the query string
    "complaint_move": act("call.log", of="complaint", data=lambda things: {"step": "resolved", "sentence": "Ersatz kommt"}),
    "complaint_list": page("customer.see"),
    "complaint_undo": act("call.log", of="complaint_step"),
    "opportunities:list": page("customer.see"),
    "opportunities:export": page("customer.see"),
    "opportunities:guides": page("guides.edit"),
    "opportunities:guide": form("guides.edit", of="guide", names_thing=False, data=lambda things: {"version": 0}),
    "opportunities:guide_preview": act("guides.edit", of="guide", names_thing=False),
    "opportunities:rules": page("rules.edit"),
    "opportunities:rule_add": form("rules.edit", done=(200, 302, 422)),
    "opportunities:rule_preview": page("rules.edit"),
    "opportunities:rule_edit": form("rules.edit", of="relation", names_thing=False, done=(200, 302, 422)),  # goods are nobody's customers
    "opportunities:rule_delete": act("rules.edit", of="relation", names_thing=False),
    "opportunities:detail": page("customer.see", of="opportunity"),
    "opportunities:act": act(
        "opportunity.answer", of="opportunity", data=lambda things: {"act": "plan", "due_on": "+3", "version": things.opportunity.version}
    ),
    "opportunities:order": act("opportunity.answer", of="opportunity", data=lambda things: {"order_number": "AB-1"}),
    "opportunities:match": act("opportunity.answer", of="match", data=lambda things: {"said": "no"}),
    "opportunities:match_undo": act("opportunity.answer", of="match"),
    "opportunities:many": act(
        "opportunity.answer",
        data=lambda things: {"do": "plan", "due_on": "+3", "chosen": things.opportunity.pk},
        names_thing=True,
        foreign=302,
    ),
    "opportunities:undo": act("opportunity.answer"),
    "opportunities:quote_file": page("customer.see", of="quote", done=(404,)),  # no letter was laid in with it
    # hand-overs: an act without what it needs comes back; who may answer is tested with the acts
    "handovers:list": page("handover.see"),
    "handovers:ask": form("handover.ask", of="customer", done=(200, 302, 422)),
    "handovers:detail": page("handover.see", of="handover"),
    "handovers:act": act("handover.see", of="handover_act", done=(422,)),
    "handovers:coordination": page("handover.see"),
    "handovers:say": act("handover.answer", of="customer", data=lambda things: {"word": "may_call"}),
    "handovers:wish": act("handover.ask", of="customer", data=lambda things: {"wants_visit": "1"}),
    # references: seen by whoever sees the customer; a step's right is that of the state it leads to, so the act's page lets everybody in
    "references:list": page("customer.see"),
    "references:export": page("customer.see"),
    "references:overview": page("reference.release"),
    "references:library": page("customer.see"),
    "references:question": page("customer.see", of="question", names_thing=False),
    "references:rate_in_list": act("reference.ask", of="customer"),
    "references:published_file": page("customer.see", of="published_text", done=(404,)),  # it is a text without a file
    "references:of": page("customer.see", of="customer"),
    "references:mark": act("reference.ask", of="customer"),
    "references:take_up": act("reference.ask", of="customer"),
    "references:detail": page("customer.see", of="reference"),
    "references:rate": act("reference.ask", of="reference", data=lambda things: {"open_minded": "2"}),
    "references:act": act(
        "reference.withdraw", of="reference", data=lambda things: {"act": "withdraw", "version": things.scope.reference.version}
    ),
    "references:undo": act("customer.see", of="reference_step"),
    "references:scope_add": act("reference.ask", of="reference", data=lambda things: {"kind": "letter", "places": "offer"}),
    "references:scope_release": act("reference.release", of="scope", done=(422,)),  # no file was laid in
    "references:scope_text": act("reference.release", of="scope", data=lambda things: {"text": "Sehr zufrieden"}),
    "references:scope_withdraw": act("reference.withdraw", of="scope"),
    "references:scope_proof": page("reference.release", of="scope", done=(404,)),
    "references:use_add": act("reference.use", of="scope", done=(422,), data=lambda things: {"place": "web"}),  # a complaint of his is open
    "references:use_feedback": act("reference.use", of="use", data=lambda things: {"outcome": "helped"}),
    "references:use_call_off": act("reference.use", of="use", done=(302,)),  # it was shown today, so nothing is left to call off
    "references:use_thank": act("reference.use", of="use", data=lambda things: {"how": "call"}),
    # referral contacts: a "no" is everybody's to write down, other acts demand their own right
    "referrals:list": page("customer.see"),
    "referrals:recommenders": page("customer.see"),
    "referrals:card": page("referral.edit"),
    "referrals:add": form("referral.edit", of="customer", done=(200, 302, 422)),
    "referrals:detail": page("customer.see", of="referral"),
    "referrals:act": act("contact.refuse", of="referral", data=lambda things: {"act": "refuse", "version": things.referral.version}),
    # surveys: figures for everybody, names inside the pages for owners and the management
    "nps:dashboard": page("nps.see"),
    "nps:answers": page("nps.see"),
    "nps:invalid": act("nps.manage", of="response", data=lambda things: {"reason": "twice"}, done=(302, 404)),  # names: the management
    "nps:valid": act("nps.manage", of="response", done=(302, 404)),
    "nps:workbook": page("nps.manage", of="wave", names_thing=False),
    "nps:blank": page("nps.manage"),
    "nps:waves": page("nps.see"),
    "nps:wave": page("nps.see", of="wave", names_thing=False),
    "nps:wave_add": form("nps.manage", done=(200, 302, 422)),
    "nps:wave_edit": form("nps.manage", of="wave", names_thing=False, done=(200, 302, 422)),
    "nps:wave_start": form("nps.manage", of="wave", names_thing=False),
    "nps:wave_move": act("nps.manage", of="wave_state", names_thing=False),
    "nps:wave_delete": form("nps.manage", of="wave", names_thing=False),
    "nps:wave_preview": page("nps.manage", of="wave", names_thing=False),
    "nps:wave_page": page("nps.manage", of="wave", names_thing=False),
    "nps:wave_test_mail": act("nps.manage", of="wave", names_thing=False),
    "nps:phone": form("nps.enter", of="wave", names_thing=False),
    "nps:entry_undo": act("nps.enter", of="wave", names_thing=False, done=(404,)),  # what was entered stands in the query string
    "nps:letters": form("nps.manage", of="wave", names_thing=False),
    "nps:invitations": page("nps.manage", of="wave", names_thing=False),
    "nps:bounced": act("nps.manage", of="invitation"),
    "nps:cases": page("nps.see"),
    "nps:case_close": act(
        "call.log", of="case", data=lambda things: {"sentence": "Ersatz kommt"}, done=(302, 404)
    ),  # names: owner, management
    "nps:case_reopen": act("call.log", of="case", done=(302, 404)),
    # the API: figures without names, as on the dashboard
    "api:openapi-json": page("api.describe"),
    "api:nps-waves": page("nps.see"),
    "api:nps-wave": page("nps.see", of="wave_id", names_thing=False),
    # customers answer by a link of their own
    "survey:answer": form(None, of="survey_link", done=(200, 303, 422)),
    "survey:stop": form(None, of="survey_link"),
    "objection": form(None, of="objection_link"),
    "nps:upload": form("nps.manage", done=(200, 302, 422)),
    # campaigns are of the whole house: everybody reads, marketing and the management write, the lists go by what one may see
    "campaigns:list": page("campaign.see"),
    "campaigns:add": form("campaign.write", done=(200, 302, 422)),
    "campaigns:detail": page("campaign.see", of="campaign", names_thing=False),
    "campaigns:concept": form("campaign.write", of="campaign", names_thing=False, done=(200, 302, 422)),
    "campaigns:target": form("campaign.write", of="campaign", names_thing=False, done=(200, 302, 422)),
    "campaigns:target_count": page("campaign.write", of="campaign", names_thing=False),
    "campaigns:act": act("campaign.write", of="campaign", names_thing=False),
    "campaigns:members": page("campaign.write", of="campaign", names_thing=False),
    "campaigns:result": page("campaign.see", of="campaign", names_thing=False),
    "campaigns:letters": act("campaign.write", of="campaign", names_thing=False, done=(404,)),  # not approved yet
    "campaigns:mails": form("campaign.write", of="campaign", names_thing=False, done=(404,)),  # not approved yet
    "campaigns:mail_test": act("campaign.write", of="campaign", names_thing=False, done=(404,)),
    "campaigns:mail_list": act("campaign.write", of="campaign", names_thing=False, done=(404,)),
    "campaigns:letter_print": page("campaign.write", of="campaign", names_thing=False),
    # planning: a team's plans and measures are its own; everybody reads, who sells adds ideas, the management writes
    "plans:list": form("plan.see", done=(200, 422)),
    "plans:blank": page("plan.see", of="template", names_thing=False),
    "plans:blank_export": page("plan.see", of="template", names_thing=False),
    "plans:detail": page("plan.see", of="plan"),
    "plans:refresh": act("plan.see", of="plan"),
    "plans:freeze": act("plan.edit", of="plan"),
    "plans:copy": act("plan.edit", of="plan"),
    "plans:export": page("plan.see", of="plan"),
    "plans:import": act("plan.edit", of="plan"),
    "plans:cell": act(
        "plan.idea", of="plan", data=lambda things: {"row": things.plan_row.pk, "column": "idea", "value": "Anders", "version": "0"}
    ),
    "plans:row_add": form("plan.idea", of="plan_section", done=(200, 302, 422)),
    "plans:row": form("plan.idea", of="plan_row", done=(200, 302, 422)),
    "plans:row_remove": act("plan.idea", of="plan_row"),
    "plans:row_restore": act("plan.idea", of="plan_row"),
    "plans:row_measure": act("plan.edit", of="plan_row"),
    "plans:row_campaign": act("campaign.write", of="plan_row"),
    "plans:row_follow_up": act("followup.edit", of="reference_row"),
    "plans:row_ratings": act("reference.ask", of="reference_row"),
    "measures:list": page("plan.see"),
    "measures:add": form("plan.edit", done=(200, 302, 422)),
    "measures:detail": form("plan.see", of="measure", done=(200, 302, 422)),
    # saved filters say nothing of a customer; who is found goes by what one may see
    "segments:list": page("customer.see"),
    "segments:add": form("campaign.write", done=(200, 302, 422)),
    "segments:count": page("campaign.write"),
    "segments:edit": form("campaign.write", of="segment", names_thing=False, done=(200, 302, 422)),
    "segments:delete": act("campaign.write", of="segment", names_thing=False),
    "measures:of_reason": act("plan.edit", of="wave", names_thing=False, data=lambda things: {"group": "delivery"}),
    "measures:move": act("plan.see", of="measure"),
    # administration beyond the rows of models
    "preferences": form("admin.use", done=(200, 302, 422)),
    "admin:index": form("admin.use"),
    "admin:logout": form("admin.use", done=(200, 302, 405)),
    "admin:password_change": form("admin.use"),
    "admin:password_change_done": page("admin.use"),
    "admin:autocomplete": form("admin.use", done=(404,)),  # it answers to a named field only
    "admin:jsi18n": page("admin.use"),
    "admin:app_list": form("admin.use"),
    "admin:auth_user_password_change": form("admin.use"),
    "admin:view_on_site": form("nobody"),
}

# Model → what an administrator may do with its rows besides looking at them.
ADMIN_MODELS = {
    "accounts_team": {"add", "change", "delete"},
    "accounts_user": {"add", "change"},
    "axes_accessattempt": {"change", "delete"},
    "base_auditevent": set(),
    "base_job": set(),
    "customers_complaint": set(),
    "customers_consent": {"add", "change"},
    "customers_contact": {"add", "change"},
    "customers_contactblock": {"add"},
    "customers_customer": {"add", "change"},
    "customers_importrun": set(),
    "customers_message": set(),
    "customers_order": set(),
    "customers_product": {"add", "change"},
    "customers_productgroup": {"add", "change"},
    "customers_productrelation": {"add", "change", "delete"},
}
ADMIN_ROUTE = re.compile(r"admin:(?P<model>\w+)_(?P<act>changelist|add|history|delete|change)$")


def call_of(things: Things) -> dict:
    return {"key": form_keys.fresh(), "customer": things.customer.pk, "direction": "incoming", "outcome": "reached", "back": "customer"}


# --- the cast and their rows ---

ACTORS = ("anonymous", "deactivated", "rep", "field_sales", "marketing", "manager", "admin")


@pytest.fixture
def north(db) -> Team:
    return factories.make_team("Nord", state="SN")


def make_actor(name: str, team: Team) -> User | None:
    if name == "anonymous":
        return None
    role = Role.REP if name == "deactivated" else Role(name)
    has_team = role in {Role.REP, Role.FIELD_SALES, Role.MANAGER}
    return factories.make_user(f"the-{name}", role, team=team if has_team else None)


def make_things(owner: User, person: User, name: str) -> Things:
    """A customer of `owner` with rows that are `person`'s."""
    customer = factories.make_listed(name, owner=owner)
    product = factories.make_product()
    order = factories.make_order(customer, TODAY() - dt.timedelta(days=40), (product, 1, "100"))
    at = timezone.now()
    activity = Activity.objects.create(customer=customer, by=person, at=at, outcome="reached")
    follow_up = FollowUp.objects.create(customer=customer, assignee=person, due_on=TODAY())
    opportunity = make_reason(customer)
    dismissed = Opportunity.objects.create(
        customer=customer, kind="cross_sell", state="dismissed", rank_value=1, expected_revenue=1, p_win="0.2", suggested_on=TODAY()
    )
    answer = OpportunityAnswer.objects.create(
        opportunity=dismissed, answer="dismissed", reason="not_suitable", before={"state": "suggested"}
    )
    Quote.objects.create(opportunity=opportunity, version=1, number="AN-1", sent_on=TODAY(), net_amount=100, by=owner)
    complaint = Complaint.objects.create(customer=customer, title="Palette", state="in_progress", raised_on=TODAY(), raised_by=owner)
    step = ComplaintTransition.objects.create(complaint=complaint, by=person, from_state="raised", to_state="in_progress")
    absence = factories.make_absence(person, factories.make_user(team=owner.team), TODAY(), TODAY())
    import_run = ImportRun.objects.create(kind="orders", file_name="auftraege.csv", sha256=f"{customer.pk:064d}")
    own_import = ImportRun.objects.create(kind="followups", is_own=True, by=person, file_name="wv.csv", sha256=f"{customer.pk:064d}")
    relation = factories.make_relation(factories.make_product(), product)
    wave = make_wave(f"Befragung {customer.pk}", state="open")
    invitation = make_invitation(wave, customer)
    critical = Response.objects.create(wave=wave, customer=customer, rating=3, channel="phone", answered_on=TODAY())
    case = Case.objects.create(response=critical, customer=customer, kind="detractor", opened_on=TODAY(), due_on=TODAY())
    match = OrderMatch.objects.create(
        opportunity=opportunity, order_key=order.number_key, order_number=order.number, ordered_on=order.ordered_on, amount=100,
        product_ids=[product.pk], state="asked",
    )  # fmt: skip
    span = {"starts_on": TODAY(), "ends_on": TODAY(), "owner": person, "team": owner.team}
    plan_row = SalesPlan.objects.create(**span).rows.create(section="B", position=1, made_by=person)
    measure = Measure.objects.create(title="Nachfassen", made_by=person, **span)
    segment = Segment.objects.create(name=f"Filter {customer.pk}", made_by=person)
    campaign = Campaign.objects.create(name=f"Aktion {customer.pk}", starts_on=TODAY(), ends_on=TODAY(), owner=person)
    handover = Handover.objects.create(
        customer=customer, by=owner, to=owner, state="returned", requested_at=timezone.now(), answer_by=TODAY()
    )
    scope = make_scope(customer, owner)
    use = ReferenceUse.objects.create(customer=customer, scope=scope, place="web", used_on=TODAY(), by=owner)
    return Things(
        customer,
        order,
        activity,
        follow_up,
        opportunity,
        answer,
        complaint,
        step,
        absence,
        import_run,
        own_import,
        relation,
        wave,
        invitation,
        case,
        plan_row,
        measure,
        campaign,
        segment,
        match,
        handover,
        scope,
        use,
        make_referral(customer, owner),
        ReferencePlan.objects.create(**span).rows.create(section="C", position=1, customer=customer, made_by=person),
        factories.make_customer(name, owner=owner),
        NotDuplicate.objects.create(customer=customer, other=factories.make_customer(owner=owner), by=owner),
        Merge.objects.create(customer=factories.make_customer(owner=owner, merged_into=customer), into=customer, by=owner),
    )


def make_referral(customer: Customer, owner: User) -> ReferralContact:
    """Somebody at this customer, named by somebody of another one."""
    other = factories.make_customer(owner=owner)
    recommender = Recommender.objects.create(customer=other, contact=factories.make_contact(other))
    named = factories.make_contact(customer, "Neumann")
    return ReferralContact.objects.create(recommender=recommender, customer=customer, contact=named, owner=owner, named_on=TODAY())


def make_scope(customer: Customer, owner: User) -> ReleaseScope:
    """A logo that may be shown on the web, with an approved text; its file is not there."""
    proof = StoredFile.objects.create(
        stored_as=f"{customer.pk:032d}", name="freigabe.pdf", content_type="application/pdf", size=1, sha256="0", by=owner
    )
    reference = ReferenceCustomer.objects.create(customer=customer, state="in_use", asked_by=owner, released_on=TODAY())
    reference.transitions.create(by=owner, from_state="released", to_state="in_use")
    scope = reference.scopes.create(kind="logo", places=["web"], agreed_on=TODAY(), released_on=TODAY(), proof=proof)
    PublishedText.objects.create(scope=scope, version=1, text="Gut", approved_on=TODAY(), by=owner)
    return scope


def make_admin_rows(things: Things, user: User) -> None:
    """At least one row of every model that the administration shows."""
    contact = factories.make_contact(things.customer)
    ContactBlock.objects.create(customer=things.customer, contact=contact, channel="letter", set_on=TODAY(), set_by=user)
    Consent.objects.create(
        contact=contact, customer=things.customer, channel="email", text_version="1", proof="Mail", granted_at=timezone.now()
    )
    factories.make_group()
    factories.make_relation(factories.make_product(), factories.make_product())
    audit.record("customer.edit", by=user)
    outbox.queue_message(kind="digest", key="a", user=user)
    jobs.request("refresh")


# --- the cells ---


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Name (with namespace; the bare pattern where it has none) and pattern of every address."""

    def walk(patterns, namespace: str, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or namespace, prefix + str(pattern.pattern))
            else:
                yield f"{namespace}:{pattern.name}".lstrip(":") if pattern.name else prefix + str(pattern.pattern), pattern

    return walk(get_resolver().url_patterns, "", "")


@dataclass(frozen=True)
class Cell:
    """One request and the answers that are right for it; `is_denied` ones must not write."""

    name: str
    method: str
    url: str
    data: dict
    expected: tuple[int, ...]
    is_denied: bool
    headers: dict = field(default_factory=dict)


def cells(actor: User | None, own: Things, other: Things) -> Iterator[Cell]:
    for name, _pattern in routes():
        if name in TABLE:
            yield from _row_cells(name, TABLE[name], actor, own, other)
        elif found := ADMIN_ROUTE.match(name):
            yield from _admin_cells(name, found["model"], found["act"], actor)
        elif name.startswith("admin/"):
            yield from _odd_admin_cells(name, actor)
        else:
            raise AssertionError(f"{name} has no row in the role matrix")


def _row_cells(name: str, row: Row, actor: User | None, own: Things, other: Things) -> Iterator[Cell]:
    """Both sides, where somebody looks whose the row is.

    Whoever is not signed in is sent away before, and so is a method that the address does not take, be it for a page or a part.
    """
    is_asked_of_both = row.names_thing and actor is not None and actor.is_active
    for side, things in (("own", own), ("foreign", other)) if is_asked_of_both else (("own", own),):
        url = _url(name, row, things)
        for method in ("GET", "POST"):
            is_foreign = side == "foreign" and (bool(row.of) or method == "POST")
            refusal = _refusal(name, row, method, actor, is_foreign=is_foreign)
            if refusal == NOT_TAKEN and side == "foreign":
                continue
            data = row.data(things) if method == "POST" else {}
            yield Cell(f"{name} {side}", method, url, data, refusal or row.done, is_denied=bool(refusal))
            if refusal and refusal != NOT_TAKEN and method == "GET":
                yield Cell(f"{name} {side}", method, url, {}, refusal, is_denied=True, headers=HTMX)


def _url(name: str, row: Row, things: Things) -> str:
    odd = {
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "admin:app_list": {"app_label": "customers"},
        "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
        "admin:auth_user_password_change": {"id": things.absence.user_id},
    }
    return reverse(name, kwargs=odd.get(name) or ADDRESSES[row.of](things))


def _refusal(name: str, row: Row, method: str, actor: User | None, *, is_foreign: bool) -> tuple[int, ...]:
    """The answers that refuse this request, none where it is served."""
    if row.capability is None:
        return () if method in row.methods else (*row.done, 405)
    if actor is None or not actor.is_active:
        return SIGN_IN_FIRST
    if row.capability not in CAPABILITIES:
        return (403,)
    if actor.role not in CAPABILITIES[row.capability]:
        return (302, 403) if name.startswith("admin:") else (403,)
    if method not in row.methods:
        return NOT_TAKEN
    if is_foreign and (row.is_personal or not _sees_all(actor)):
        return (row.foreign,)
    return ()


def _sees_all(actor: User) -> bool:
    return actor.role in {Role.MARKETING, Role.ADMIN}


def _admin_cells(name: str, model: str, what: str, actor: User | None) -> Iterator[Cell]:
    app_label, model_name = model.split("_", 1)
    key = apps.get_model(app_label, model_name)._base_manager.order_by("pk").values_list("pk", flat=True).first() or 1
    url = reverse(name, kwargs={} if what in {"changelist", "add"} else {"object_id": key})
    for method in ("GET", "POST"):
        if actor is None or not actor.is_active:
            expected: tuple[int, ...] = SIGN_IN_FIRST
        elif actor.role != Role.ADMIN:
            expected = (302, 403)  # 302 leads to /admin/login/, which refuses whoever is signed in
        elif what not in ADMIN_MODELS[model] and (what in {"add", "delete"} or (what == "change" and method == "POST")):
            expected = (403,)
        else:
            expected = (200, 302, 409)  # 409: an empty form carries no version
        is_denied = actor is None or actor.role != Role.ADMIN or expected == (403,)
        yield Cell(name, method, url, {}, expected, is_denied)


def _odd_admin_cells(name: str, actor: User | None) -> Iterator[Cell]:
    """Addresses of the admin without a name: old links to rows, which nobody gets, and the catch-all."""
    is_catch_all = name.endswith("(?P<url>.*)$")
    url = "/admin/nothing/" if is_catch_all else "/" + name.replace("<path:object_id>", "1")
    for method in ("GET", "POST"):
        if actor is None or not actor.is_active:
            expected: tuple[int, ...] = SIGN_IN_FIRST
        elif is_catch_all:
            expected = (404,) if actor.role == Role.ADMIN else (302, 403)
        else:
            expected = (403,)
        yield Cell(name, method, url, {}, expected, is_denied=True)


# --- the tests ---


@pytest.fixture
def world(north, dieter):
    """Two teams with equal rows, under team visibility."""
    anna = factories.make_user("anna", team=north, first_name="Anna", last_name="Lang")
    bernd = factories.make_user("bernd", team=factories.make_team("Süd", state="BY"), first_name="Bernd", last_name="Vogel")
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.TEAM)
    preferences.put(CompanyPreferences, by=dieter, is_set_up=True)
    other = make_things(bernd, bernd, "Fremder Kunde")
    make_admin_rows(other, dieter)
    return anna, other


def business_rows() -> dict[str, str]:
    """The content of every table of ours, as text."""
    models = (model for label in OUR_APPS for model in apps.get_app_config(label).get_models())
    return {model.__name__: repr(list(model._base_manager.order_by("pk").values_list())) for model in models}


def writes(queries: list[dict]) -> list[str]:
    found = (re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', query["sql"]) for query in queries)
    return [match[0] for match in found if match and match[2] in OUR_TABLES]


def ask(client: Client, cell: Cell) -> HttpResponse:
    send = client.get if cell.method == "GET" else client.post
    return send(cell.url, cell.data, headers=cell.headers)


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("name", ACTORS)
def test_role_matrix(name, world, north):
    anna, other = world
    actor = make_actor(name, north)
    own = make_things(anna, actor or anna, "Eigener Kunde")
    client = Client()
    if actor is not None:
        client.force_login(actor)
    if name == "deactivated":
        User.objects.filter(pk=actor.pk).update(is_active=False)
        actor.refresh_from_db()
    wrong, counts = [], Counter()
    before = business_rows()
    for cell in cells(actor, own, other):
        cookies = client.cookies.copy()
        with transaction.atomic():
            if cell.is_denied:
                with CaptureQueriesContext(connection) as queries:
                    answer = ask(client, cell)
                wrong += [f"{cell.method} {cell.name}: refused, but {statement}" for statement in writes(queries.captured_queries)]
            else:
                answer = ask(client, cell)
                transaction.set_rollback(True)
        client.cookies = cookies
        preferences.forget()
        if answer.status_code not in cell.expected:
            wrong.append(f"{cell.method} {cell.name}: {answer.status_code}, expected {cell.expected}")
        if cell.expected == SIGN_IN_FIRST and answer.status_code == 302 and not answer["Location"].startswith((SIGN_IN, "/admin/login/")):
            wrong.append(f"{cell.method} {cell.name}: leads to {answer['Location']}")
        counts["refused" if cell.is_denied else "served"] += 1
    assert wrong == []
    assert business_rows() == before
    assert min(counts["refused"], counts["served"]) > 10, counts
    assert counts.total() > 350, counts


@pytest.mark.django_db
def test_every_row_of_the_table_is_an_address(world):
    known = {name for name, _pattern in routes()}
    assert set(TABLE) - known == set()
    assert {found["model"] for name in known - set(TABLE) if (found := ADMIN_ROUTE.match(name))} == set(ADMIN_MODELS)
