"""Users, teams and absences in the administration."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm as DjangoUserChangeForm
from django.db.models import Field
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import NEEDS_TEAM, Absence, Role, Team, User


class AbsenceInline(admin.StackedInline):
    model = Absence
    fk_name = "user"
    extra = 0

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs) -> FormField | None:
        """Who stands in is chosen here; accounts are made, changed and removed on their own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "deputy":
            widget = field.widget
            widget.can_add_related = widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field


class UserAddForm(AdminUserCreationForm):
    def clean(self) -> dict:
        """Ask for the team here: the database's rule also looks at a column that this form lacks, so Django does not check it."""
        values = super().clean()
        if values.get("role") in {Role.REP, Role.FIELD_SALES} and not values.get("team"):
            self.add_error("team", NEEDS_TEAM)
        return values


class UserChangeForm(DjangoUserChangeForm):
    def clean(self) -> dict:
        """An installation without anybody to administer it could be rescued on the command line only."""
        values = super().clean()
        is_admin = values.get("role") == Role.ADMIN and values.get("is_active")
        others = User.objects.active().filter(role=Role.ADMIN).exclude(pk=self.instance.pk)
        if not is_admin and self.initial["role"] == Role.ADMIN and not others.exists():
            self.add_error(None, _("This is the last account of the administration. Give the role to somebody else first."))
        return values


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("username", "first_name", "last_name", "role", "team", "email", "is_active")
    list_filter = ("role", "team", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    inlines = [AbsenceInline]
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "phone_extension", "language")}),
        (_("Work"), {"fields": ("role", "team", "daily_list_length", "wants_digest")}),
    )
    form = UserChangeForm
    add_form = UserAddForm
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Work"), {"fields": ("role", "team")}),
    )

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs) -> FormField | None:
        """A missing team can be added from here; changing and removing teams has its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "team":
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name", "state")
