"""Django admin behind the product's own sign-in, open to those who may administer."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import allowed


class AdminSite(admin.AdminSite):
    site_header = _("Administration")
    site_title = "Innendienst"
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, "admin.use")

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect_to_login(request.GET.get("next", "/admin/"))
