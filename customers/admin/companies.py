"""Customers and the people there."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from customers import editing
from customers.admin.versioned import VersionedAdmin, VersionedForm
from customers.models import Contact, Customer
from innendienst.base.admin import ReadOnlyInline


class CustomerForm(VersionedForm):
    key_field = "number"

    class Meta:
        model = Customer
        fields = "__all__"


class ContactForm(VersionedForm):
    class Meta:
        model = Contact
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        customer, last_name = values.get("customer"), values.get("last_name")
        key = editing.match_key(values.get("email", ""), values.get("first_name", ""), last_name or "")
        if customer and last_name and customer.contacts.filter(match_key=key).exclude(pk=self.instance.pk).exists():
            self.add_error("last_name", _("This person is on record for this customer already."))
        return values


class ContactInline(ReadOnlyInline):
    model = Contact
    fields = ("full_name", "role", "phone_display", "email")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("name"))
    def full_name(self, contact: Contact) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:customers_contact_change", args=[contact.pk]), contact.full_name)

    @admin.display(description=gettext_lazy("phone"))
    def phone_display(self, contact: Contact) -> str:
        return contact.phone_display


@admin.register(Customer)
class CustomerAdmin(VersionedAdmin):
    form = CustomerForm
    list_display = ("name", "number", "postcode", "town", "owner", "limits")
    list_filter = ("is_inactive", "lifecycle", "delivery_block", ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("number",)
    search_help_text = gettext_lazy("Name, number, town, person, phone or e-mail")
    inlines = [ContactInline]
    fieldsets = (
        (None, {"fields": (("number", "name"), "seen_version")}),
        (gettext_lazy("Address"), {"fields": ("street", ("postcode", "town", "country"), ("phone", "email"))}),
        (gettext_lazy("Care"), {"fields": (("owner", "field_owner"), ("lifecycle", "customer_since"), ("industry", "group_number"))}),
        (gettext_lazy("Limits"), {"fields": (("is_inactive", "is_collective"), ("delivery_block", "dunning_level"))}),
        (
            gettext_lazy("As stated by the ERP, used while there are no orders"),
            {
                "fields": (
                    ("stated_revenue", "stated_margin", "stated_revenue_before"),
                    ("stated_last_order_on", "stated_abc_class"),
                ),
            },
        ),
    )

    @admin.display(description=gettext_lazy("Limits"))
    def limits(self, customer: Customer) -> str:
        said = [
            (customer.is_inactive, _("Inactive")),
            (customer.delivery_block, _("Delivery stopped")),
            (customer.is_collective, _("Collective account")),
        ]
        return ", ".join(text for holds, text in said if holds)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return queryset.matching(search_term), False

    def save_model(self, request: HttpRequest, obj: Customer, form: CustomerForm, change: bool) -> None:
        obj.version = form.cleaned_data["seen_version"] or obj.version
        editing.save_customer(actor=request.user, customer=obj)


@admin.register(Contact)
class ContactAdmin(VersionedAdmin):
    form = ContactForm
    list_display = ("full_name", "customer", "role", "phone", "email")
    list_select_related = ("customer",)
    search_fields = ("last_name", "first_name", "email")
    autocomplete_fields = ("customer",)
    fieldsets = (
        (None, {"fields": ("customer", ("salutation", "title"), ("first_name", "last_name"), "role", "seen_version")}),
        (gettext_lazy("Ways to reach"), {"fields": (("phone", "mobile"), ("email", "language"))}),
        (gettext_lazy("Origin"), {"fields": ("source", ("mail_notice_on", "mail_notice_proof"))}),
    )

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, contact: Contact) -> str:
        return contact.full_name

    def save_model(self, request: HttpRequest, obj: Contact, form: ContactForm, change: bool) -> None:
        obj.version = form.cleaned_data["seen_version"] or obj.version
        editing.save_contact(actor=request.user, contact=obj)
