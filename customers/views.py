"""More of one customer than his page shows: everything that happened, and the orders with their lines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.models import Customer, Merge, Order
from customers.order_rows import order_rows
from customers.timeline import activity_entries, contacts_with
from innendienst.lib.paging import in_order, read_page

PER_PAGE = 50


@require_safe
@allow("customer.see")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """All contacts with a customer, youngest first."""
    customer = _found(request.user, pk)
    page = read_page(contacts_with(request.user, customer), request.GET.get("page"), PER_PAGE)
    entries = list(activity_entries(request.user, page.rows))
    merges = (
        Merge.objects.for_system("of a customer found by visible_to").filter(into=customer, undone_at=None).select_related("customer", "by")
    )
    context = {
        "customer": customer,
        "page": page,
        "entries": entries,
        "merges": merges,
        "shows_authors": allowed(request.user, "author.see"),
    }
    return render(request, "customers/history.html", context)


@require_safe
@allow("customer.see")
def order_list(request: HttpRequest, pk: int) -> HttpResponse:
    """All orders of a customer, youngest first."""
    customer = _found(request.user, pk)
    orders = Order.objects.visible_to(request.user).filter(customer=customer)
    page = read_page(orders, request.GET.get("page"), PER_PAGE, in_order(orders.with_value()))
    context = {"customer": customer, "page": page, "orders": order_rows(customer, page.rows)}
    return render(request, "customers/order_list.html", context)


@require_safe
@vary_on_headers("HX-Request")
@allow("customer.see")
def order_detail(request: HttpRequest, pk: int, order_pk: int) -> HttpResponse:
    """The lines of one order; below its row where the page asks for the part."""
    customer = _found(request.user, pk)
    order = get_object_or_404(Order.objects.visible_to(request.user), pk=order_pk, customer=customer)
    lines = order.lines.select_related("product").order_by("position")
    context = {"customer": customer, "order": order, "lines": lines, "shows_margin": allowed(request.user, "margin.see")}
    return render(request, f"customers/order_detail.html{'#lines' if request.htmx else ''}", context)


def _found(user: User, pk: int) -> Customer:
    """Whoever went into another one is that one."""
    customer = get_object_or_404(Customer.objects.visible_to(user), pk=pk)
    return _found(user, customer.merged_into_id) if customer.merged_into_id else customer
