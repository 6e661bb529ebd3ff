"""Users, teams and absences in the administration."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from accounts.models import NEEDS_TEAM, Absence, Role, Team, User


class AbsenceInline(admin.StackedInline):
    model = Absence
    fk_name = "user"
    extra = 0


class UserAddForm(AdminUserCreationForm):
    def clean(self) -> dict:
        """Ask for the team here: the database's rule also looks at a column that this form lacks, so Django does not check it."""
        values = super().clean()
        if values.get("role") in {Role.REP, Role.FIELD_SALES} and not values.get("team"):
            self.add_error("team", NEEDS_TEAM)
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
    add_form = UserAddForm
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Work"), {"fields": ("role", "team")}),
    )


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name", "state")
