"""Django admin behind the product's own sign-in, open to those who may administer."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.permissions import allowed


class AdminSite(admin.AdminSite):
    site_header = _("Administration")
    site_title = "Innendienst"
    index_title = _("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, "admin.use")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Django's own answers an address without parameters by a server error."""
        if not {"app_label", "model_name", "field_name"} <= set(request.GET):
            raise Http404
        return super().autocomplete_view(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The product's own sign-in; whoever is signed in and still sent here lacks the role, and signing in again will not help."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied("admin.use")
        return redirect_to_login(request.GET.get("next", "/admin/"))
