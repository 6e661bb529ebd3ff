"""How the administration treats rows: read on the administration's behalf, never deleted in passing, acts on the audit log.

Django's own log would keep the names of customers as text for ever; ours keeps ids (innendienst/base/audit.py), so the admin's
log functions do nothing: the services that save record what they did.
"""

from collections.abc import Callable, Iterator

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import DecimalField, Field, ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from innendienst.base import audit, jobs
from innendienst.base.models import AuditEvent, Job
from innendienst.lib.guarded import GuardedQuerySet


def opened(rows: QuerySet) -> QuerySet:
    return rows.for_system("administration") if isinstance(rows, GuardedQuerySet) else rows


class OpenedRows:
    """Mixin for an admin and its inlines: rows and the choices of their foreign keys are read for the administration."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return opened(super().get_queryset(request))

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs):
        kwargs.setdefault("queryset", opened(db_field.related_model._default_manager.all()))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs):
        """Amounts as the language writes them; choices without Django's four buttons beside them."""
        if isinstance(db_field, DecimalField):
            kwargs["localize"] = True
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(form_field, "widget", None), RelatedFieldWidgetWrapper):
            form_field.widget = form_field.widget.widget
        return form_field


class RowsAdmin(OpenedRows, admin.ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def view_on_site(self, obj: Model) -> str | None:
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def log_addition(self, request, obj, message) -> None: ...

    def log_change(self, request, obj, message) -> None: ...

    def log_deletions(self, request, queryset) -> None: ...


class ReadOnlyAdmin(RowsAdmin):
    """Rows that are written elsewhere: by imports, jobs, or never again."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(OpenedRows, admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def facts_text(facts: dict) -> str:
    """A small JSON object as "key: value" parts: long lists by their length, counts one level below without those that are 0."""
    return ", ".join(f"{key}: {_fact(value)}" for key, value in facts.items())


def _fact(value: object) -> object:
    if isinstance(value, dict):
        return " · ".join(f"{key} {count}" for key, count in value.items() if count) or 0
    return f"{len(value)} …" if isinstance(value, list) and len(value) > 5 else value


class CodeFilter(admin.AllValuesFieldListFilter):
    """A filter by a column of codes that shows the words for them. Made by `in_words`."""

    words: Callable[[str], str]

    def choices(self, changelist: ChangeList) -> Iterator[dict]:
        for choice in super().choices(changelist):
            yield {**choice, "display": self.words(str(choice["display"]))}


def in_words(words: Callable[[str], str]) -> type[CodeFilter]:
    """A list filter for codes that `words` makes readable."""
    return type("WordsFilter", (CodeFilter,), {"words": staticmethod(words)})


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("what", "target", "state", "attempts", "requested_at", "finished_at", "outcome")
    list_filter = ("state", ("kind", in_words(jobs.words)))
    fields = ("what", "target", "queue", "state", "attempts", "requested_at", "not_before", "lease_until", "finished_at", "args", "result")
    ordering = ("-pk",)

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, job: Job) -> str:
        return jobs.words(job.kind)

    @admin.display(description=_("result"))
    def outcome(self, job: Job) -> str:
        return facts_text(job.result or job.progress)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "done", "what")
    list_filter = (("act", in_words(audit.words)),)
    fields = ("at", "by", "done", "facts")
    ordering = ("-pk",)
    list_select_related = ("by",)

    @admin.display(description=_("act"), ordering="act")
    def done(self, event: AuditEvent) -> str:
        return audit.words(event.act)

    @admin.display(description=_("facts"))
    def what(self, event: AuditEvent) -> str:
        return facts_text(event.facts)
