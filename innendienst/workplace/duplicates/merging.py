"""Making two customers one: compared side by side with a choice for each field, merged, and taken back for a month."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import allow
from customers.editing import EditConflict
from customers.models import Customer, Merge
from innendienst.lib.typed import parse_id
from innendienst.merging.acts import MergeRefused, UndoRefused, merge, undo_merge
from innendienst.merging.clashes import refusals
from innendienst.workplace.duplicates.comparing import brought, chosen, compare, people_of_both
from innendienst.workplace.duplicates.rows import shown
from innendienst.workplace.duplicates.texts import refused
from innendienst.workplace.notes import say_with_undo


@require_http_methods(["GET", "HEAD", "POST"])
@allow("customer.merge")
def duplicate_compare(request: HttpRequest, kept_pk: int, gone_pk: int) -> HttpResponse:
    """The first customer of the address stays, the second one goes into him."""
    kept, gone = _seen(request.user, kept_pk), _seen(request.user, gone_pk)
    if gone.merged_into_id == kept.pk:  # sent twice
        return redirect(kept)
    if kept.pk == gone.pk or kept.merged_into_id or gone.merged_into_id:
        raise Http404
    if request.method != "POST":
        return _page(request, kept, gone, said=refused(refusals(kept, gone), kept, gone))
    kept.version, gone.version = (parse_id(request.POST.get(name, "")) or 0 for name in ("version_kept", "version_gone"))
    taken = chosen(request.POST)
    try:
        done = merge(actor=request.user, kept=kept, gone=gone, taken=taken)
    except EditConflict:
        said = [_("Somebody has changed one of the two since this page was opened. Compare once more; your choice is still there.")]
        return _page(request, _seen(request.user, kept_pk), _seen(request.user, gone_pk), said=said, taken=taken, is_open=True, status=409)
    except MergeRefused as refusal:
        return _page(request, kept, gone, said=refused(refusal.reasons, kept, gone), taken=taken, status=422)
    facts = {"gone": gone.name, "number": gone.number, "kept": kept.number}
    text = _("%(gone)s (%(number)s) was merged into %(kept)s. The figures follow in a moment.") % facts
    say_with_undo(request, text, reverse("customers:merge_undo", args=[done.pk]))
    return redirect(kept)


@require_POST
@allow("customer.merge")
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make them two customers again."""
    done = get_object_or_404(merges_seen_by(request.user), pk=pk)
    try:
        undo_merge(actor=request.user, done=done)
    except UndoRefused:
        messages.error(request, _("Not undone: it is undone already, more than 30 days ago, or the customer was merged once more since."))
    except MergeRefused as refusal:
        messages.error(request, " ".join(refused(refusal.reasons, done.into, done.customer)))
    else:
        text = _("%(gone)s and %(kept)s are two customers again. What was written since the merge stays with %(kept)s.")
        messages.success(request, text % {"gone": done.customer.number, "kept": done.into.number})
    return redirect(f"{reverse('customers:duplicates')}?show=merged")


def merges_seen_by(user: User):
    """Merges both of whose customers the user may see, youngest first."""
    seen = Customer.objects.visible_to(user).values("pk")
    return Merge.objects.visible_to(user).filter(into__in=seen).select_related("customer", "into", "by")


def _seen(user: User, pk: int) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(user).select_related("facts", "owner", "field_owner"), pk=pk)


def _page(
    request: HttpRequest,
    kept: Customer,
    gone: Customer,
    *,
    said: list[str],
    taken: set[str] | None = None,
    is_open: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`said` are sentences on top; with any of them the two cannot be merged as they are, unless `is_open`."""
    context = {
        "kept": kept,
        "gone": gone,
        "kept_shown": shown(kept),
        "gone_shown": shown(gone),
        "fields": compare(kept, gone, taken),
        "brought": brought(kept, gone),
        "people": people_of_both(kept, gone),
        "said": said,
        "may_merge": is_open or not said,
    }
    return render(request, "duplicates/duplicate_compare.html", context, status=status)
