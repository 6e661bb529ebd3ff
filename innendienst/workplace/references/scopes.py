"""Releases: agreed on, filed in writing, their approved texts, taken back; and the files themselves."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow
from innendienst.base import files
from innendienst.lib import display
from innendienst.workplace.references import detail, doing
from innendienst.workplace.references.forms import ProofForm, ScopeForm, TextForm
from referrals import releasing
from referrals.models import ReferenceCustomer, ReleaseScope
from referrals.releasing import Terms


@require_POST
@allow("reference.ask")
def scope_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the customer allows for one kind of use."""
    reference, form = detail.found(request, pk), ScopeForm(request.POST)
    if not form.is_valid():
        return detail.page(request, reference, complaints=form.messages, scope_form=form, status=422)
    try:
        scope = releasing.agree_scope(actor=request.user, reference=reference, terms=Terms(**form.cleaned_data))
    except doing.REFUSALS as error:
        messages.error(request, doing.refusal_text(reference, error))
    else:
        messages.success(
            request, _("%(kind)s agreed on. It may be used once the written release is filed.") % {"kind": scope.get_kind_display()}
        )
    return redirect("references:detail", pk)


@require_POST
@allow("reference.release")
def scope_release(request: HttpRequest, pk: int) -> HttpResponse:
    """File the customer's written word."""
    scope, form = found_scope(request, pk), ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return detail.page(request, scope.reference, complaints=form.messages, status=422)
    try:
        releasing.release(actor=request.user, scope=scope, proof=form.cleaned_data["proof"])
    except doing.REFUSALS as error:
        messages.error(request, doing.refusal_text(scope.reference, error))
    else:
        facts = {"kind": scope.get_kind_display(), "places": doing.places_text(scope.places)}
        messages.success(request, _("%(kind)s released for: %(places)s.") % facts)
    return redirect("references:detail", scope.reference_id)


@require_POST
@allow("reference.release")
def scope_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the next version of what is published, as the customer approved it."""
    scope, form = found_scope(request, pk), TextForm(request.POST, request.FILES)
    if not form.is_valid():
        return detail.page(request, scope.reference, complaints=form.messages, status=422)
    try:
        text = releasing.publish(actor=request.user, scope=scope, **form.cleaned_data)
    except doing.REFUSALS as error:
        messages.error(request, doing.refusal_text(scope.reference, error))
    else:
        facts = {"kind": scope.get_kind_display(), "version": display.number(text.version)}
        messages.success(request, _("%(kind)s: version %(version)s kept.") % facts)
    return redirect("references:detail", scope.reference_id)


@require_POST
@allow("reference.withdraw")
def scope_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer takes one kind of use back."""
    scope = found_scope(request, pk)
    releasing.withdraw_scope(actor=request.user, scope=scope)
    messages.success(request, _("%(kind)s withdrawn: it is not used any more.") % {"kind": scope.get_kind_display()})
    return redirect("references:detail", scope.reference_id)


@require_safe
@allow("reference.release")
def scope_proof(request: HttpRequest, pk: int) -> FileResponse:
    """The customer's written word."""
    return stored_file(found_scope(request, pk).proof)


def stored_file(stored) -> FileResponse:
    """A file as a download. Raises Http404 where there is none."""
    if stored is None or not files.path_of(stored.stored_as).exists():
        raise Http404
    return files.attachment(stored)


def found_scope(request: HttpRequest, pk: int) -> ReleaseScope:
    seen = ReferenceCustomer.objects.visible_to(request.user).values("pk")
    scopes = ReleaseScope.objects.select_related("reference__customer", "reference__asked_by", "reference__contact", "proof")
    return get_object_or_404(scopes, pk=pk, reference__in=seen)
