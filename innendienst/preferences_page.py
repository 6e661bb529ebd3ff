"""The business settings as a page: every setting with its default in code, one form for all of them."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import allow
from campaigns.preferences import CampaignsPreferences
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.first_hour.forms import CompanyForm
from nps.preferences import NpsPreferences
from referrals.preferences import ReferralsPreferences

VISIBILITIES = [
    (Visibility.COMPANY, gettext_lazy("everybody sees all customers")),
    (Visibility.TEAM, gettext_lazy("each team sees its own and the unassigned")),
    (Visibility.OWN, gettext_lazy("each rep sees his own and what is entrusted to him")),
]


def _count(label: str | Promise, help_text: str | Promise = "", most: int = 1_000) -> forms.Field:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most)


def _share(label: str | Promise, help_text: str | Promise = "") -> forms.Field:
    return forms.FloatField(label=label, help_text=help_text, min_value=0, max_value=1, localize=True)


@dataclass(frozen=True)
class Group:
    """The settings of one app: a form field for each, in the order of the page."""

    section: type
    title: str | Promise
    fields: dict[str, forms.Field]


GROUPS = (
    Group(CompanyPreferences, gettext_lazy("Company"), CompanyForm.base_fields),
    Group(
        CustomersPreferences,
        gettext_lazy("Customers and contact"),
        {
            "visibility": forms.ChoiceField(label=gettext_lazy("Visibility"), choices=VISIBILITIES),
            "permission_months": _count(
                gettext_lazy("Existing customer for (months)"), gettext_lazy("For how long after a delivered order a call is allowed.")
            ),
            "pressure_days": _count(
                gettext_lazy("Pause after a selling contact (working days)"),
                gettext_lazy("Due reorders and promised call-backs are exempt."),
            ),
            "pressure_most": _count(gettext_lazy("Selling contacts in 90 days, at most")),
            "stale_after_days": _count(gettext_lazy("Banner when orders are older than (working days)")),
            "rest_after_days": _count(gettext_lazy("Reorder reasons rest when orders are older than (working days)")),
            "abc_a_share": _share(gettext_lazy("A customers bring together"), gettext_lazy("Share of the margin, 0 to 1.")),
            "abc_b_share": _share(gettext_lazy("A and B customers bring together"), gettext_lazy("Share of the margin, 0 to 1.")),
            "assumed_cm_ratio": _share(
                gettext_lazy("Assumed margin ratio where costs are unknown"), gettext_lazy("For the order of the list only; never shown.")
            ),
            "mails_per_hour": forms.IntegerField(label=gettext_lazy("Mails to customers per hour, at most"), min_value=1, max_value=10_000),
            "sends_from": _count(gettext_lazy("Mails to customers leave from (hour)"), gettext_lazy("On working days only."), most=23),
            "sends_until": _count(gettext_lazy("Mails to customers leave until (hour)"), most=24),
        },
    ),
    Group(
        NpsPreferences,
        gettext_lazy("Surveys"),
        {
            "relationship_rest_days": _count(gettext_lazy("Nobody is asked again about the company for (days)")),
            "transactional_rest_days": _count(gettext_lazy("Nobody is asked again about an occasion for (days)")),
            "reminds_after_days": _count(gettext_lazy("One reminder after (days)")),
            "expires_after_days": _count(gettext_lazy("A link ends after (days)")),
            "detractor_days": _count(gettext_lazy("A critical answer is talked about within (working days)")),
            "passive_days": _count(gettext_lazy("A passive answer is talked about within (working days)")),
            "promoter_days": _count(gettext_lazy("A promoter is asked for more, at the earliest after (working days)")),
        },
    ),
    Group(
        ReferralsPreferences,
        gettext_lazy("References and referrals"),
        {
            "thinking_days": _count(gettext_lazy("Time to think that is offered (days)")),
            "asked_again_months": _count(gettext_lazy("Nobody asks after a “no” or a critical answer for (months)")),
            "uses_per_quarter_most": _count(gettext_lazy("Calls and visits of a reference per quarter, at most")),
            "days_between_uses": _count(gettext_lazy("Days between two of them, at least")),
            "feedback_days": _count(gettext_lazy("Feedback and thanks within (working days)")),
            "inform_days": _count(gettext_lazy("The recommender is informed within (working days)")),
            "notice_reminder_days": _count(gettext_lazy("Reminder of the notice of Art. 14 after (days)")),
            "notice_days": _count(gettext_lazy("Without that notice no contact from (days)"), most=30),
            "kept_months": _count(gettext_lazy("A contact without result is erased after (months)")),
            "regular_orders": _count(gettext_lazy("Regular customer: orders in 12 months, at least")),
            "regular_years": _count(gettext_lazy("Regular customer: for (years)")),
            "moment_amount": _count(gettext_lazy("A delivery is a right moment from (euros)"), most=10_000_000),
            "moments_most": _count(gettext_lazy("Right moments on a person's list, at most")),
            "gift_limit": _count(gettext_lazy("Gifts per person and business year are pointed out above (euros)")),
        },
    ),
    Group(
        CampaignsPreferences,
        gettext_lazy("Reasons to call"),
        {
            "dismissed_rest_days": _count(gettext_lazy("“Does not fit” rests for (days)")),
            "lost_rest_days": _count(gettext_lazy("“No need” rests for (days)")),
            "won_rest_days": _count(gettext_lazy("Won rests for (days)")),
            "expired_rest_days": _count(gettext_lazy("Expired rests for (days)")),
            "suggestion_days": _count(gettext_lazy("A suggestion nobody takes up expires after (days)")),
            "cross_sell_months": _count(gettext_lazy("Bought within (months) counts as having it")),
            "up_sell_months": _count(gettext_lazy("In use for (months) before its successor is offered")),
            "ends_within_days": _count(gettext_lazy("Told before a warranty or contract ends (days)")),
            "lift_least": forms.FloatField(
                label=gettext_lazy("Learned pair: bought together more often than usual (times)"), min_value=1, max_value=100, localize=True
            ),
            "together_least": _count(gettext_lazy("Learned pair: customers who have both, at least"), most=100_000),
            "reorder_share": _share(
                gettext_lazy("Places on a day's list for reorders, at most"),
                gettext_lazy("Share of the rows, 0 to 1; what others do not need goes to the best."),
            ),
            "cross_sell_share": _share(
                gettext_lazy("Places on a day's list for cross-selling"),
                gettext_lazy("Share of the rows, 0 to 1; what others do not need goes to the best."),
            ),
            "items_most": _count(gettext_lazy("Articles kept per reason, at most")),
            "kinds_on_row_most": _count(gettext_lazy("Reasons on a row, at most")),
            "dunning_level_stops": _count(gettext_lazy("Nothing is sold from dunning level")),
            "same_matter_days": _count(gettext_lazy("Pause before the next reorder call (working days)")),
            "interest_days": _count(gettext_lazy("Interest comes back after (working days)")),
            "quote_days": _count(gettext_lazy("A quote comes back after (working days)")),
            "quote_ends_days": _count(gettext_lazy("… and before it ends (working days)")),
            "order_days": _count(gettext_lazy("An order belongs to what was agreed for (days)")),
            "campaign_pause_days": _count(gettext_lazy("Out of a campaign stays who was contacted within (days)")),
            "won_order_days": _count(gettext_lazy("Won without an order is listed after (working days)")),
        },
    ),
)


class PreferencesForm(forms.Form):
    """All settings; a field is named section-key."""

    def __init__(self, data=None) -> None:
        super().__init__(data)
        for group in GROUPS:
            stored = preferences.get(group.section)
            for key, form_field in group.fields.items():
                self.fields[_name(group, key)] = deepcopy(form_field)
                self.initial[_name(group, key)] = getattr(stored, key)

    def clean(self) -> dict:
        values = super().clean()
        a_share, b_share = values.get("customers-abc_a_share"), values.get("customers-abc_b_share")
        if a_share is not None and b_share is not None and a_share > b_share:
            self.add_error("customers-abc_b_share", _("The share of A and B together cannot be smaller than that of A."))
        return values

    def groups(self) -> Iterator[tuple[str | Promise, list[forms.BoundField]]]:
        for group in GROUPS:
            yield group.title, [self[_name(group, key)] for key in group.fields]

    def changes(self) -> Iterator[tuple[type, dict]]:
        """What differs from before, per app."""
        for group in GROUPS:
            changed = {key: self.cleaned_data[_name(group, key)] for key in group.fields if _name(group, key) in self.changed_data}
            if changed:
                yield group.section, changed


@require_http_methods(["GET", "HEAD", "POST"])
@allow("admin.use")
def preferences_edit(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of this installation; each change is on the audit log."""
    form = PreferencesForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/preferences.html", {"form": form}, status=422 if form.is_bound else 200)
    with transaction.atomic():
        for section, values in form.changes():
            preferences.put(section, by=request.user, **values)
    messages.success(request, _("Settings saved. Reasons and ABC classes follow with the next nightly run."))
    return redirect("preferences")


def _name(group: Group, key: str) -> str:
    return f"{group.section.section}-{key}"
