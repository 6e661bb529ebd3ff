"""Complaints with every step, to be looked at. They are worked on from the customer's card."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from customers.models import Complaint, ComplaintTransition
from innendienst.base.admin import ReadOnlyAdmin, ReadOnlyInline


class StepInline(ReadOnlyInline):
    model = ComplaintTransition
    verbose_name_plural = _("History")
    fields = readonly_fields = ("at", "from_state", "to_state", "reason")


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    list_display = ("raised_on", "title", "customer", "kind", "state")
    list_filter = ("state", "kind")
    list_select_related = ("customer",)
    search_fields = ("customer__number", "title")
    fields = readonly_fields = (*list_display, "contact")
    inlines = [StepInline]
