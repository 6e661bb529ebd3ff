"""Users, teams and absences in the administration.

Django's own log would keep people's names for ever. What is changed here stands on our audit log, as ids and names of columns.
"""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm as DjangoUserChangeForm
from django.db.models import Field, Model, QuerySet
from django.forms import Field as FormField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import NEEDS_TEAM, Absence, Role, Team, User
from innendienst.base import audit


class OnAuditLog(admin.ModelAdmin):
    """Writes on the audit log what Django would write on its own."""

    actions = None

    def construct_change_message(self, request: HttpRequest, form: ModelForm, formsets: list | None, add: bool = False) -> list[str]:
        """The names of the columns that changed; rows shown beneath count as one."""
        beneath = [formset.prefix for formset in formsets or () if formset.has_changed()]
        return [*form.changed_data, *beneath]

    def log_addition(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        self._record("create", request, obj, fields=message)

    def log_change(self, request: HttpRequest, obj: Model, message: list[str]) -> None:
        if message:
            self._record("edit", request, obj, fields=message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self._record("delete", request, row)

    def _record(self, act: str, request: HttpRequest, row: Model, **facts) -> None:
        kind = self.opts.model_name
        audit.record(f"{kind}.{act}", by=request.user, **{kind: row.pk}, **facts)


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
        if not is_admin and self.initial["role"] == Role.ADMIN and not self._has_other_admin():
            self.add_error(None, _("This is the last account of the administration. Give the role to somebody else first."))
        return values

    def _has_other_admin(self) -> bool:
        """All of them are held until the form is saved, so that no two take the role from each other at once."""
        admins = User.objects.active().filter(role=Role.ADMIN).order_by("pk").select_for_update(no_key=True)
        return any(admin.pk != self.instance.pk for admin in admins)


@admin.register(User)
class UserAdmin(OnAuditLog, DjangoUserAdmin):
    """Who leaves is switched off: nobody is deleted, least of all the last administrator."""

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

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs) -> FormField | None:
        """A missing team can be added from here; changing and removing teams has its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "team":
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


@admin.register(Team)
class TeamAdmin(OnAuditLog):
    list_display = ("name", "state")
