"""Basic data as a page edits them. What the ERP alone decides (number, company, owner, limits) is not among them."""

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from customers import editing
from customers.models import Contact, Customer
from innendienst.workplace.fields import MessagesMixin


class VersionedForm(MessagesMixin, forms.ModelForm):
    """Carries the version that was seen. On a refusal because of it both states are shown, field by field."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["version"].initial = self.instance.version

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "version"]

    def read(self):
        """The row to be stored, in the version that was seen."""
        self.instance.version = self.cleaned_data["version"] or 1
        return self.instance


class CustomerForm(VersionedForm):
    class Meta:
        model = Customer
        fields = ("street", "postcode", "town", "phone", "email", "industry")


class ContactForm(VersionedForm):
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("de", gettext_lazy("German")), ("en", gettext_lazy("English"))])

    class Meta:
        model = Contact
        fields = ("salutation", "title", "first_name", "last_name", "role", "phone", "mobile", "email", "language")

    def clean(self) -> dict:
        values = super().clean()
        key = editing.match_key(values.get("email") or "", values.get("first_name") or "", values.get("last_name") or "")
        others = Contact.objects.for_system("people of a customer already visible").filter(customer=self.instance.customer_id)
        if values.get("last_name") and others.filter(match_key=key).exclude(pk=self.instance.pk).exists():
            self.add_error("last_name", _("This person is on record for this customer already."))
        return values
