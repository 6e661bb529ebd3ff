"""Customers, people, products and what was allowed or forbidden, in the administration.

Every form saves through customers/editing.py and customers/blocks.py, like the pages do. Orders and imports are read-only.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from accounts.permissions import allow
from customers import blocks, editing
from customers.models import (
    Consent,
    Contact,
    ContactBlock,
    Customer,
    ImportRun,
    Order,
    OrderLine,
    Product,
    ProductGroup,
    ProductRelation,
)
from innendienst.base.admin import ReadOnlyAdmin, ReadOnlyInline, RowsAdmin
from innendienst.lib.folding import business_key

CONFLICT_STATUS = 409


class VersionedForm(forms.ModelForm):
    """Carries the version that was seen, and shows both states when somebody else was faster.

    `key_field` is the business number, unique as it is compared and not as it is typed.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key_field = ""
    is_conflict = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._refuse_taken_number(values)
        if self.instance.pk:
            self._compare(values)
        return values

    def _rows(self) -> QuerySet:
        return self._meta.model.objects.all()

    def _refuse_taken_number(self, values: dict) -> None:
        typed = values.get(self.key_field)
        if typed and self._rows().filter(**{f"{self.key_field}_key": business_key(typed)}).exclude(pk=self.instance.pk).exists():
            self.add_error(
                self.key_field, _("“%(number)s” is in use already. Numbers are compared without case and outer blanks.") % {"number": typed}
            )

    def _compare(self, values: dict) -> None:
        """The row stays locked until the form is saved, so that nobody slips in between."""
        stored = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
        if stored.version == values.get("seen_version"):
            return
        self.is_conflict = True
        for name in self.changed_data:
            theirs = getattr(stored, name, None)
            if name != "seen_version" and theirs != values.get(name):
                self.add_error(name, _("Changed meanwhile to: %(theirs)s") % {"theirs": theirs if theirs not in {None, ""} else "–"})
        self.data = {**self.data.dict(), "seen_version": stored.version} if hasattr(self.data, "dict") else self.data
        self.add_error(
            None, _("Somebody else changed this entry while you were editing. Both versions are shown; save again to keep yours.")
        )


class CustomerForm(VersionedForm):
    key_field = "number"

    class Meta:
        model = Customer
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose


class ContactForm(VersionedForm):
    class Meta:
        model = Contact
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        customer, last_name = values.get("customer"), values.get("last_name")
        key = editing.match_key(values.get("email", ""), values.get("first_name", ""), last_name or "")
        if customer and last_name and customer.contacts.filter(match_key=key).exclude(pk=self.instance.pk).exists():
            self.add_error("last_name", _("This person is on record for this customer already."))
        return values


class ProductForm(VersionedForm):
    key_field = "sku"

    class Meta:
        model = Product
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose


class VersionedAdmin(RowsAdmin):
    @allow("admin.use")
    def change_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().change_view(request, *args, **kwargs)
        page = getattr(response, "context_data", None) or {}
        if "adminform" in page and getattr(page["adminform"].form, "is_conflict", False):
            response.status_code = CONFLICT_STATUS
        return response


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
        (gettext_lazy("Origin"), {"fields": ("source",)}),
    )

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, contact: Contact) -> str:
        return contact.full_name

    def save_model(self, request: HttpRequest, obj: Contact, form: ContactForm, change: bool) -> None:
        obj.version = form.cleaned_data["seen_version"] or obj.version
        editing.save_contact(actor=request.user, contact=obj)


class RelationInline(admin.TabularInline):
    model = ProductRelation
    fk_name = "from_product"
    extra = 0
    can_delete = False
    fields = readonly_fields = ("kind", "to_product", "argument")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Product)
class ProductAdmin(VersionedAdmin):
    form = ProductForm
    list_display = ("name", "sku", "group", "kind", "price", "stock", "last_order_on", "not_offered")
    list_filter = ("kind", "not_offered", "group")
    list_select_related = ("group",)
    search_fields = ("name", "sku")
    inlines = [RelationInline]
    fieldsets = (
        (None, {"fields": (("sku", "name"), ("group", "kind", "unit"), "seen_version")}),
        (gettext_lazy("Price and stock"), {"fields": (("price", "cost", "stock"),)}),
        (gettext_lazy("Life"), {"fields": (("discontinued_on", "last_order_on"), ("warranty_months", "term_months"))}),
        (gettext_lazy("Offering"), {"fields": (("not_offered", "needs_demo"),)}),
    )

    def save_model(self, request: HttpRequest, obj: Product, form: ProductForm, change: bool) -> None:
        obj.version = form.cleaned_data["seen_version"] or obj.version
        editing.save_product(actor=request.user, product=obj)


@admin.register(ProductGroup)
class ProductGroupAdmin(RowsAdmin):
    list_display = ("name", "assumed_cm_ratio")
    search_fields = ("name",)


@admin.register(ProductRelation)
class ProductRelationAdmin(RowsAdmin):
    list_display = ("from_product", "kind", "to_product", "argument")
    list_filter = ("kind",)
    list_select_related = ("from_product", "to_product")
    search_fields = ("from_product__name", "to_product__name", "argument")
    autocomplete_fields = ("from_product", "to_product")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: ProductRelation, form: forms.ModelForm, change: bool) -> None:
        editing.save_relation(actor=request.user, relation=obj)

    def delete_model(self, request: HttpRequest, obj: ProductRelation) -> None:
        editing.delete_relation(actor=request.user, relation=obj)


@admin.register(ContactBlock)
class ContactBlockAdmin(RowsAdmin):
    """Blocks are set and lifted, never edited: what stood when stays on record."""

    list_display = ("customer", "contact", "channel", "kind", "set_on", "lifted_at")
    list_filter = ("kind", "channel", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("customer", "contact")
    search_fields = ("customer__number",)
    autocomplete_fields = ("customer", "contact")
    fields = ("customer", "contact", "channel", "kind", "reason")
    actions = ["lift"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: ContactBlock, form: forms.ModelForm, change: bool) -> None:
        block = blocks.block_contact(
            actor=request.user, customer=obj.customer, contact=obj.contact, channel=obj.channel, kind=obj.kind, reason=obj.reason
        )
        obj.pk = block.pk

    @admin.action(description=gettext_lazy("Lift chosen blocks"))
    def lift(self, request: HttpRequest, queryset: QuerySet) -> None:
        lifted = sum(blocks.lift_block(actor=request.user, block=block) for block in queryset)
        self.message_user(request, _("Blocks lifted: %(count)s.") % {"count": lifted}, messages.SUCCESS)


class ConsentForm(forms.ModelForm):
    class Meta:
        model = Consent
        fields = ("contact", "channel", "text_version", "proof", "granted_at", "revoked_at")


@admin.register(Consent)
class ConsentAdmin(RowsAdmin):
    form = ConsentForm
    list_display = ("contact", "channel", "text_version", "granted_at", "revoked_at")
    list_filter = ("channel", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("contact",)
    search_fields = ("contact__last_name",)
    autocomplete_fields = ("contact",)

    def save_model(self, request: HttpRequest, obj: Consent, form: ConsentForm, change: bool) -> None:
        editing.save_consent(actor=request.user, consent=obj)


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
    list_display = ("started_at", "kind", "file_name", "state", "created_count", "updated_count", "unchanged_count", "rejected_count", "by")
    list_filter = ("kind", "state")
    list_select_related = ("by",)
