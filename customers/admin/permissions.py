"""What customers and people allowed us, and what they forbade."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from customers import blocks, editing
from customers.models import Consent, ContactBlock
from innendienst.base.admin import RowsAdmin


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
