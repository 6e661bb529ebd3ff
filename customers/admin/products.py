"""Products, their groups, and which product leads to which."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from customers import editing
from customers.admin.versioned import VersionedAdmin, VersionedForm
from customers.models import Product, ProductGroup, ProductRelation
from innendienst.base.admin import ReadOnlyInline, RowsAdmin
from innendienst.lib import display


class ProductForm(VersionedForm):
    key_field = "sku"

    class Meta:
        model = Product
        fields = "__all__"


class RelationInline(ReadOnlyInline):
    model = ProductRelation
    fk_name = "from_product"
    fields = readonly_fields = ("kind", "to_product", "argument")


@admin.register(Product)
class ProductAdmin(VersionedAdmin):
    form = ProductForm
    list_display = ("name", "sku", "group", "kind", "price_shown", "stock_shown", "last_order_on", "not_offered")
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

    @admin.display(description=gettext_lazy("price"), ordering="price")
    def price_shown(self, product: Product) -> str:
        return display.euros(product.price, decimals=2)

    @admin.display(description=gettext_lazy("stock"), ordering="stock")
    def stock_shown(self, product: Product) -> str:
        return display.UNKNOWN if product.stock is None else display.quantity(product.stock, product.unit)

    def save_model(self, request: HttpRequest, obj: Product, form: ProductForm, change: bool) -> None:
        obj.version = form.cleaned_data["seen_version"] or obj.version
        editing.save_product(actor=request.user, product=obj)


@admin.register(ProductGroup)
class ProductGroupAdmin(RowsAdmin):
    list_display = ("name", "assumed_cm_ratio")
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: ProductGroup, form: forms.ModelForm, change: bool) -> None:
        editing.save_group(actor=request.user, group=obj)


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
