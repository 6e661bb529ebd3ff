"""Lists taken over from outside."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One list: the file by its hash, what became of its rows, and what was said about them."""

    class List(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        CONTACTS = "contacts", _("Contacts")
        PRODUCTS = "products", _("Products")
        ORDERS = "orders", _("Orders")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        RUNNING = "running", _("Being taken over")
        DONE = "done", _("Taken over")
        FAILED = "failed", _("Stopped")

    kind = models.CharField(_("list"), max_length=10, choices=List.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    is_lenient = models.BooleanField(default=False)
    created_count = models.PositiveIntegerField(_("new"), default=0)
    updated_count = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0)
    messages = models.JSONField(default=list)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["kind", "sha256"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"
