"""Lists of referral contacts and recommenders, and the card that recommenders pass on."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.models import Customer
from innendienst.lib import display
from innendienst.lib.money import money_sum
from innendienst.lib.paging import read_page
from innendienst.workplace.chips import Chip, chips_markup
from innendienst.workplace.referrals import texts
from referrals.days import thanks_due
from referrals.models import Knows, Recommender, ReferenceUse, ReferralContact
from referrals.querysets import ReferralQuerySet

PER_PAGE = 50
State = ReferralContact.State
OPEN, CHECK, OWED, WON, ALL = "", "check", "owed", "won", "all"
GROUPS = [
    (OPEN, gettext_lazy("Open ones")),
    (CHECK, gettext_lazy("For the management to decide")),
    (OWED, gettext_lazy("Thanks open")),
    (WON, gettext_lazy("Became customers")),
    (ALL, gettext_lazy("All")),
]


class ReferralRow(NamedTuple):
    url: str
    contact: str
    company: str
    recommender: str
    state: SafeString
    named_on: str
    duties: SafeString


class OwedUse(NamedTuple):
    """A use of a reference after which the customer is to hear from us; `owed` is what and until when."""

    url: str
    customer: str
    prospect: str
    used_on: str
    owed: SafeString


@require_safe
@allow("customer.see")
def referral_list(request: HttpRequest) -> HttpResponse:
    """The contacts at companies this person may see, youngest first."""
    group, text = request.GET.get("group", OPEN), request.GET.get("q", "").strip()
    found = _of_group(ReferralContact.objects.visible_to(request.user), group)
    if text:
        customers = Customer.objects.visible_to(request.user).matching(text).values("pk")
        found = found.filter(Q(customer__in=customers) | Q(recommender__customer__in=customers))
    context = {
        "page": read_page(found.order_by("-named_on", "-pk"), request.GET.get("page"), PER_PAGE, _rows),
        "uses": owed_uses(request.user, timezone.localdate()) if group == OWED else [],
        "groups": GROUPS,
        "group": group,
        "text": text,
        "is_filtered": bool(group or text),
        "has_card": allowed(request.user, "referral.edit"),
    }
    return render(request, "referrals/referral_list.html", context)


@require_safe
@allow("customer.see")
def recommender_list(request: HttpRequest) -> HttpResponse:
    """Who recommends us, and what came of it: contacts, new customers, their revenue and margin of twelve months."""
    won = Q(referrals__state=State.CUSTOMER_WON)
    found = (
        Recommender.objects.visible_to(request.user)
        .select_related("contact", "customer")
        .annotate(
            named_count=Count("referrals"),
            won_count=Count("referrals", filter=won),
            revenue=money_sum("referrals__customer__facts__revenue_12m", won),
            margin=money_sum("referrals__customer__facts__margin_12m", won),
            owed_count=Count("referrals", filter=won & Q(referrals__recommender_thanked_at=None)),
        )
        .order_by("-won_count", "-named_count", "pk")
    )
    context = {"page": read_page(found, request.GET.get("page"), PER_PAGE), "shows_margin": allowed(request.user, "margin.see")}
    return render(request, "referrals/recommender_list.html", context)


@require_safe
@allow("referral.edit")
def card(request: HttpRequest) -> HttpResponse:
    """The better way: the recommender passes this on, and the contact comes to us by himself."""
    return render(request, "referrals/card.html", {"card": texts.card_text(request.user)})


def owed_uses(user: User, today: dt.date) -> list[OwedUse]:
    """The uses of references for which feedback or thanks are open, the oldest first."""
    owing = ReferenceUse.objects.visible_to(user).owing(today).select_related("customer", "scope", "prospect")
    return [_owed_use(use, today) for use in owing.order_by("used_on", "pk")[:PER_PAGE]]


def _owed_use(use: ReferenceUse, today: dt.date) -> OwedUse:
    due_on = thanks_due(use.used_on)
    words = [_("Feedback") if use.feedback_given_at is None else "", _("Thanks") if use.thanked_at is None else ""]
    chip = Chip(_("due by %(day)s") % {"day": display.due(due_on)}, "bad" if due_on < today else "due")
    return OwedUse(
        url=reverse("references:detail", args=[use.scope.reference_id]),
        customer=use.customer.name,
        prospect=_("%(kind)s for %(prospect)s")
        % {"kind": use.scope.get_kind_display(), "prospect": use.prospect.name if use.prospect else _("many")},
        used_on=display.date(use.used_on),
        owed=format_html("<span>{} {}</span>", ", ".join(filter(None, words)), chips_markup((chip,))),
    )


def _of_group(found: ReferralQuerySet, group: str) -> ReferralQuerySet:
    match group:
        case "check":
            return found.filter(state=State.LEGAL_CHECK, knows=Knows.UNCLEAR)
        case "owed":
            return found.filter(state=State.CUSTOMER_WON, recommender_thanked_at=None)
        case "won":
            return found.filter(state=State.CUSTOMER_WON)
        case "all":
            return found
    return found.open()


def _rows(ids) -> list[ReferralRow]:
    rows = ReferralContact.objects.for_system("rows found by visible_to").filter(pk__in=ids)
    found = (
        {row.pk: row for row in rows.select_related("contact", "customer", "recommender__contact", "recommender__customer")} if ids else {}
    )
    return [_row(found[pk]) for pk in ids if pk in found]


def _row(referral: ReferralContact) -> ReferralRow:
    recommender = referral.recommender
    return ReferralRow(
        url=reverse("referrals:detail", args=[referral.pk]),
        contact=referral.contact.full_name,
        company=referral.customer.name,
        recommender=_("%(name)s, %(company)s") % {"name": recommender.contact.full_name, "company": recommender.customer.name},
        state=chips_markup((texts.state_chip(referral),)),
        named_on=display.date(referral.named_on),
        duties=_owed(referral),
    )


def _owed(referral: ReferralContact) -> SafeString:
    """What is still to be done, each with its day."""
    owed = [(duty.text, chips_markup((duty.chip,))) for duty in texts.duties_of(referral)]
    return format_html("<span>{}</span>", format_html_join(SafeString("<br>"), "{} {}", owed) if owed else display.UNKNOWN)
