"""Where the apps are put together: Celery, job handlers that span apps, the admin site."""

import gc

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _

# Until all is loaded: that lives to the end, and the collector would walk it again and again, a fifth of every start.
gc.disable()


class InnendienstConfig(AppConfig):
    name = "innendienst"

    def ready(self) -> None:
        # Loaded here, not in __init__.py: the rule modules below innendienst.lib import without Django and Celery.
        from innendienst import handlers
        from innendienst.acts import ACTS
        from innendienst.base import audit
        from innendienst.celery import app

        audit.name(ACTS)
        handlers.register()
        app.set_default()
        gc.freeze()
        gc.enable()


class AdminConfig(DjangoAdminConfig):
    default_site = "innendienst.admin_site.AdminSite"

    def ready(self) -> None:
        """Leave out what installed packages register and nobody here uses: groups, second addresses, logs of sign-ins."""
        super().ready()
        from allauth.account.models import EmailAddress
        from axes.models import AccessFailureLog, AccessLog
        from django.contrib import admin
        from django.contrib.auth.models import Group

        admin.site.unregister([Group, EmailAddress, AccessFailureLog, AccessLog])
        apps.get_app_config("axes").verbose_name = _("Sign-in lock")
