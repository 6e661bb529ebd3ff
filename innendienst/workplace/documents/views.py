"""The documents of one customer: a page, and the part of it that his own page opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow
from innendienst.workplace.documents.listing import documents
from innendienst.workplace.reads import visible_customer


@require_safe
@vary_on_headers("HX-Request")
@allow("customer.see")
def document_list(request: HttpRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request.user, pk)
    context = {"customer": customer, "documents": documents(request.user, customer)}
    return render(request, f"customers/document_list.html{'#list' if request.htmx else ''}", context)
