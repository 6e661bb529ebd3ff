"""The ground with tables: what every app stands on and none owns.

A Job is a piece of background work whose state lives here and not in the broker. A FormKey makes a form's post count once.
An AuditEvent records an act in ids and counts, without personal data. A Preference is a business setting that differs from
its default. A StoredFile is a file that somebody laid in. A SavedView
is a list as somebody likes to see it. A Heartbeat says when something that must happen regularly happened last.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Job(models.Model):
    """Background work: asked for in a transaction, claimed by a lease, finished or tried again.

    The broker only rings: whoever hears the bell claims the row by a conditional UPDATE. A worker that dies stops renewing
    `lease_until`, and the next tick rings again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", pgettext_lazy("run", "cancelled")

    kind = models.CharField(_("kind"), max_length=40)
    target = models.CharField(_("target"), max_length=80, blank=True)
    queue = models.CharField(max_length=12, default="default")
    args = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    once_key = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001 - most jobs have none, and "" would clash
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], condition=Q(state="running"), name="job_running_once"),
        ]
        indexes = [models.Index(fields=["state", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.state}".replace("  ", " ")


class FormKey(models.Model):
    """A form's one-time key and the answer its first post got."""

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    result = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.key)


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("these rows are only ever added")

    def delete(self):
        raise TypeError("these rows are only ever added")


class AuditEvent(models.Model):
    """Who did what to which rows: act, ids and counts, never personal data."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("act"), max_length=40, db_index=True)
    facts = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("these rows are only ever added")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("these rows are only ever added")


class Preference(models.Model):
    """One deviation from the defaults of an app's preferences: section = app, key = field name."""

    section = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    value = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(F("section"), F("key"), name="preference_once")]

    def __str__(self) -> str:
        return f"{self.section}.{self.key}"


class SavedView(models.Model):
    """A list as somebody narrowed, sorted and laid it out, kept under a name: for himself, or for everybody (`is_shared`).

    `page` names the list, `query` is its address without the page. What it shows is found anew for each reader, as far as he may see it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class StoredFile(models.Model):
    """A file that somebody laid in. It lies under `stored_as`, a random name; `name` is what its owner called it, shown only.

    `content_type` comes from the content, never from the browser. Files are served as attachments by views that ask who may see them.
    """

    stored_as = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Notification(models.Model):
    """A note inside the program to one of us, until he has read it. It holds facts, not text; `key` lets it exist once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread")]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When something that must happen regularly happened last; /health/ shows it."""

    class Name(models.TextChoices):
        TICK = "tick"
        BACKUP = "backup"

    name = models.CharField(max_length=12, choices=Name.choices, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
