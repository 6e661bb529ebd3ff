"""Uses of a reference: logged where they are allowed, reported back, and thanked for."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import allow
from customers.models import Customer
from innendienst.base import preferences
from innendienst.lib import display
from innendienst.lib.folding import business_key
from innendienst.lib.transitions import TransitionRefused
from innendienst.workplace.references import detail, doing
from innendienst.workplace.references.forms import FeedbackForm, ThanksForm, UseForm
from innendienst.workplace.references.scopes import found_scope
from referrals import using
from referrals.days import thanks_due
from referrals.models import ReferenceUse, ReleaseScope
from referrals.preferences import ReferralsPreferences
from referrals.using import Gift

NAMED_MOST = 5


class ProspectUnknown(ValueError):
    """No customer or prospect is meant by what was typed, or several are; the message says so."""


@require_POST
@allow("reference.use")
def use_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a use; one that is not allowed is refused with what is."""
    scope, form = found_scope(request, pk), UseForm(request.POST)
    if not form.is_valid():
        return _back(request, scope, form, form.messages)
    given = form.cleaned_data
    try:
        prospect = find_prospect(request.user, given["prospect"])
        use = using.log_use(actor=request.user, scope=scope, place=given["place"], prospect=prospect, on=given["used_on"])
    except ProspectUnknown as error:
        return _back(request, scope, form, [str(error)])
    except doing.REFUSALS as error:
        return _back(request, scope, form, [doing.refusal_text(scope.reference, error)])
    messages.success(request, _logged_text(use))
    return redirect("references:detail", scope.reference_id)


@require_POST
@allow("reference.use")
def use_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """What was planned will not be."""
    use = _found(request, pk)
    try:
        using.call_off(actor=request.user, use=use)
    except TransitionRefused:
        messages.error(request, _("Not taken off: the day of this use has come. Note what came of it."))
    else:
        facts = {"kind": use.scope.get_kind_display(), "day": display.date(use.used_on)}
        messages.success(request, _("The use of %(kind)s on %(day)s is taken off the plan.") % facts)
    return redirect("references:detail", use.scope.reference_id)


@require_POST
@allow("reference.use")
def use_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer was told what came of it."""
    use, form = _found_past(request, pk), FeedbackForm(request.POST)
    if form.is_valid():
        using.report_back(actor=request.user, use=use, outcome=form.cleaned_data["outcome"])
        messages.success(request, _("Feedback to %(customer)s noted.") % {"customer": use.customer})
    return redirect("references:detail", use.scope.reference_id)


@require_POST
@allow("reference.use")
def use_thank(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer was thanked; gifts of a year that are worth too much are pointed out."""
    use, form = _found_past(request, pk), ThanksForm(request.POST)
    if not form.is_valid():
        return detail.page(request, use.scope.reference, complaints=form.messages, status=422)
    gift = Gift(form.cleaned_data["how"], form.cleaned_data["value"] or Decimal(0))
    thanks = using.thank_for_use(actor=request.user, use=use, gift=gift)
    messages.success(request, _("Thanks to %(customer)s noted.") % {"customer": use.customer})
    warn_of_gifts(request, thanks.contact)
    return redirect("references:detail", use.scope.reference_id)


def _back(request: HttpRequest, scope: ReleaseScope, form: UseForm, complaints: list[str]) -> HttpResponse:
    """The page with what stood in the way, and what was typed still in its form."""
    return detail.page(request, scope.reference, complaints=complaints, typed=form.data, typed_scope=scope.pk, status=422)


def _logged_text(use: ReferenceUse) -> str:
    due_on = display.due(thanks_due(use.used_on))
    facts = {"kind": use.scope.get_kind_display(), "day": display.date(use.used_on), "due": due_on}
    if use.used_on > timezone.localdate():
        return _("Use of %(kind)s planned for %(day)s. Feedback and thanks are due by %(due)s then.") % facts
    return _("Use of %(kind)s logged. Feedback and thanks are due by %(due)s.") % facts


def warn_of_gifts(request: HttpRequest, contact) -> None:
    """Point out gifts of this business year that are above the tax limit for one recipient."""
    today = timezone.localdate()
    if using.exceeds_gift_limit(contact, today):
        facts = {
            "name": contact.addressed_name,
            "sum": display.euros(using.given_this_year(contact, today), decimals=2),
            "limit": display.euros(preferences.get(ReferralsPreferences).gift_limit),
        }
        text = _("Gifts to %(name)s are worth %(sum)s this business year, above %(limit)s. Mind the rules of the recipient's house.")
        messages.warning(request, text % facts)


def find_prospect(user: User, text: str) -> Customer | None:
    """Whom a use was for, by number or as much of the name as tells him from others; None where nobody is named."""
    text = text.strip()
    if not text:
        return None
    seen = Customer.objects.visible_to(user).filter(merged_into=None)
    by_number = seen.filter(number_key=business_key(text)).first()
    if by_number:
        return by_number
    found = list(seen.matching(text).order_by("sort_key")[: NAMED_MOST + 1])
    exact = [one for one in found if one.name.casefold() == text.casefold()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    facts = {"text": text[:60], "names": ", ".join(f"{one.name} ({one.number})" for one in found[:NAMED_MOST])}
    if found:
        raise ProspectUnknown(_("For whom: “%(text)s” may be %(names)s. Enter the number.") % facts)
    raise ProspectUnknown(_("For whom: no customer or prospect is called “%(text)s”. Enter his name or number.") % facts)


def _found_past(request: HttpRequest, pk: int) -> ReferenceUse:
    """One that has been: before that there is nothing to tell and nothing to thank for."""
    use = _found(request, pk)
    if use.used_on > timezone.localdate():
        raise Http404
    return use


def _found(request: HttpRequest, pk: int) -> ReferenceUse:
    uses = ReferenceUse.objects.visible_to(request.user).select_related(
        "customer", "scope__reference__customer", "scope__reference__contact"
    )
    return get_object_or_404(uses, pk=pk)
