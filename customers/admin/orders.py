"""Orders and imported lists, to be looked at."""

from django.contrib import admin
from django.http import HttpRequest

from customers.models import ImportRun, Order, OrderLine
from innendienst.base.admin import ReadOnlyAdmin, ReadOnlyInline


class OrderLineInline(ReadOnlyInline):
    model = OrderLine
    fields = ("position", "product", "quantity", "unit", "revenue_net", "contribution_margin", "status")
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "customer", "ordered_on")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__number")
    inlines = [OrderLineInline]


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """Reached by its address and by links; on the start page stand the imports' own pages."""

    list_display = ("started_at", "kind", "file_name", "state", "created_count", "updated_count", "unchanged_count", "rejected_count", "by")
    list_filter = ("kind", "state")
    list_select_related = ("by",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
