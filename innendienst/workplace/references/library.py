"""The library: what may be shown of whom, today. What is not released, has ended or was withdrawn is not in it."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allow
from innendienst.workplace.references import doing
from innendienst.workplace.references.listing import usable_scopes
from innendienst.workplace.references.parts import limits_of
from innendienst.workplace.references.scopes import stored_file
from referrals.models import Place, PublishedText, ReferenceCustomer, ReleaseScope, UseKind

SHOWN_MOST = 200


@require_safe
@allow("customer.see")
def library(request: HttpRequest) -> HttpResponse:
    """Released material by kind and place, each with its approved text or file."""
    kind, place = request.GET.get("kind", ""), request.GET.get("place", "")
    seen = ReferenceCustomer.objects.visible_to(request.user).usable()
    scopes = ReleaseScope.objects.filter(reference__in=seen.values("pk"), withdrawn_at=None).select_related("reference__customer")
    if kind in UseKind:
        scopes = scopes.filter(kind=kind)
    today = timezone.localdate()
    shown = [
        scope
        for scope in scopes.prefetch_related("texts__file").order_by("kind", "reference__customer__sort_key")
        if usable_scopes(scope.reference, [scope], today) and (place not in Place or place in scope.places)
    ]
    context = {
        "items": [
            {
                "scope": scope,
                "places": doing.places_text(scope.places),
                "limits": ", ".join(limits_of(scope)),
                "text": next(iter(scope.texts.all()), None),
            }
            for scope in shown[:SHOWN_MOST]
        ],
        "count": len(shown),
        "kinds": UseKind.choices,
        "places": Place.choices,
        "kind": kind,
        "place": place,
    }
    return render(request, "references/library.html", context)


@require_safe
@allow("customer.see")
def published_file(request: HttpRequest, pk: int) -> FileResponse:
    """The approved file of a release that stands; anything else does not exist."""
    seen = ReferenceCustomer.objects.visible_to(request.user).values("pk")
    texts = PublishedText.objects.select_related("scope__reference", "file")
    text = get_object_or_404(texts, pk=pk, scope__reference__in=seen)
    if not usable_scopes(text.scope.reference, [text.scope], timezone.localdate()):
        raise Http404
    return stored_file(text.file)
