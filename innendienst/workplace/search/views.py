"""The search box of every page: name, number, town, person, phone, e-mail, in any spelling."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow, allowed
from innendienst.workplace.search.finding import find
from innendienst.workplace.search.similar import find_similar

HITS_MOST = 20
HITS_WHILE_TYPING = 8
TYPED_LEAST = 2
LENGTH_MOST = 200


@require_safe
@vary_on_headers("HX-Request")
@allow("customer.see")
def search(request: HttpRequest) -> HttpResponse:
    """A page of hits; below the box while somebody types. Enter with one possible customer opens his page."""
    text = request.GET.get("q", "").replace("\0", "")[:LENGTH_MOST].strip()
    is_typing = bool(request.htmx)
    template = "search/hits.html" if is_typing else "search/search.html"
    if len(text) < TYPED_LEAST or not any(map(str.isalnum, text)):
        return render(request, template, {"text": text})
    hits = find(request.user, text, most=HITS_WHILE_TYPING if is_typing else HITS_MOST)
    if not is_typing and hits.only_one:
        return redirect(hits.only_one)
    context = {
        "text": text,
        "hits": hits,
        "similar": [] if hits.found or is_typing else find_similar(request.user, text),
        "may_log": allowed(request.user, "call.log"),
        "may_add": allowed(request.user, "lead.add"),
        "may_create": allowed(request.user, "admin.use"),
    }
    return render(request, template, context)
