"""The least a page can cost: a constant answer, and fifty rows of one indexed query in a plain template, without a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customers.models import Customer


@login_not_required
def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("constant", content_type="text/plain")


@login_not_required
def table50(request: HttpRequest) -> HttpResponse:
    customers = Customer.objects.for_system("a floor, only while measuring").order_by("sort_key", "pk")[:50]
    return render(request, "bench/table50.html", {"customers": customers})
