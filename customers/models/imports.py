"""Lists taken over from outside."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One list: the file by its hash, what became of its rows, and what was said about them.

    `uploaded` waits to be read, `staged` waits for a person who has the preview before him, `confirmed` waits to be taken over.
    The hash of an own list (`is_own`) says whose it is, too: two people may hand in the same file.
    `messages`, `reading` (what was found in the file) and the rows are kept for 30 days, as is the file (`stored_as`).
    The counts are what the preview promises until the run is done, and what was done afterwards; `undone` says what taking it back did.
    """

    class List(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        CONTACTS = "contacts", _("Contacts")
        PRODUCTS = "products", _("Products")
        ORDERS = "orders", _("Orders")
        FOLLOW_UPS = "followups", _("Follow-ups")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        STAGED = "staged", _("Checked")
        CONFIRMED = "confirmed", _("Confirmed")
        RUNNING = "running", _("Being taken over")
        DONE = "done", _("Taken over")
        UNDONE = "undone", _("Taken back")
        FAILED = "failed", _("Stopped")

    class Failure(models.TextChoices):
        REFUSED = "refused", _("Cannot be read")
        CANCELLED = "cancelled", _("Cancelled by a person")
        ERROR = "error", _("Given up after errors")

    class Verdict(models.TextChoices):
        ACCEPT = "accept", _("Without remarks")
        WARN = "warn", _("With remarks")
        REJECT = "reject", _("Not as it stands")

    OPEN = (State.UPLOADED, State.STAGED, State.CONFIRMED, State.RUNNING)
    UNDER_WAY = (State.UPLOADED, State.CONFIRMED, State.RUNNING)

    kind = models.CharField(_("list"), max_length=10, choices=List.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADED)
    failure = models.CharField(_("why stopped"), max_length=10, choices=Failure.choices, blank=True)
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict.choices, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    stored_as = models.CharField(max_length=32, blank=True, editable=False)
    sha256 = models.CharField(max_length=64)
    is_lenient = models.BooleanField(default=False)
    is_declared = models.BooleanField(
        _("existing customers"), default=False, help_text=_("Somebody stated that the list holds existing customers of the ERP.")
    )
    is_own = models.BooleanField(
        _("own follow-ups"), default=False, help_text=_("Imported by a person for himself alone: follow-ups that come back to him.")
    )
    is_picked_up = models.BooleanField(default=False, editable=False)
    created_count = models.PositiveIntegerField(_("new"), default=0)
    updated_count = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0)
    messages = models.JSONField(default=list)
    reading = models.JSONField(default=dict, editable=False)
    carried = models.JSONField(default=dict, editable=False)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    undone = models.JSONField(default=dict, editable=False)
    staged_at = models.DateTimeField(_("checked"), null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("confirmed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["kind", "sha256"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "sha256"],
                condition=Q(state__in=["uploaded", "staged", "confirmed", "running"]) & ~Q(sha256=""),
                name="import_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"

    @property
    def changing_count(self) -> int:
        """How many rows write something."""
        return self.created_count + self.updated_count

    @property
    def read_count(self) -> int:
        return self.changing_count + self.unchanged_count + self.rejected_count


class ImportRow(models.Model):
    """A row as it was staged: `data` are the values of its fields, `target` the row of the table that it means.

    `version` is the target's when the row was staged, and the one it got when the row was taken over. Rows with errors are not
    kept here but as a file (imports/error_file.py).
    """

    class Fate(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        LINKED = "linked"  # only something that hangs on it is new
        SAME = "same"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    file_row = models.PositiveIntegerField()
    fate = models.CharField(max_length=8, choices=Fate.choices)
    target = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["run", "fate", "file_row"])]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.file_row} {self.fate}"


class ImportLine(models.Model):
    """A staged order line: typed, because there may be ten million of them. A column that the list lacks is null.

    A negative `product_id` is an article that is yet to be made (ImportRun.carried). Gone once the run is over.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines", db_index=False)
    file_row = models.PositiveIntegerField()
    line_id = models.BigIntegerField(null=True)
    is_changed = models.BooleanField(default=False)
    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    position = models.PositiveIntegerField(null=True)
    customer_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    ordered_on = models.DateField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=20, null=True)  # noqa: DJ001 - null says that the list lacks the column
    revenue_net = models.DecimalField(max_digits=14, decimal_places=2)
    contribution_margin = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    status = models.CharField(max_length=10, null=True)  # noqa: DJ001

    class Meta:
        indexes = [
            models.Index(fields=["run"]),
            models.Index(fields=["run", "file_row"], condition=Q(is_changed=True), name="import_line_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.file_row}"


class ImportBefore(models.Model):
    """What taking over did to one row of a table, so that it can be taken back: `before` and `after` hold the columns concerned.

    Without `before` the row was made by the import, without `after` it was deleted by it. Order lines that were made say so
    themselves (OrderLine.import_run).
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="before_images", db_index=False)
    table = models.CharField(max_length=40)
    target = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "table", "target"]), models.Index(fields=["table", "target"])]

    def __str__(self) -> str:
        return f"{self.run_id} {self.table} {self.target}"


class ImportMapping(models.Model):
    """Which column means what, as somebody assigned it for lists with just these headings; it holds for the next such file too."""

    kind = models.CharField(max_length=10, choices=ImportRun.List.choices)
    header_key = models.CharField(max_length=64)
    fields = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "header_key"], name="import_mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.header_key[:8]}"


class ImportAnswer(models.Model):
    """What somebody answered to something that a list left open; it holds for the lists to come too.

    `key` is what the list says, folded. What `said` means depends on the topic: whether a kind of document counts (yes, no), the
    id of the user whom a spelling means ("pool" for nobody), or of a new customer number the id of the customer who bears another
    ("new" for somebody else, "skip" for a row that is left out).
    """

    class Topic(models.TextChoices):
        DOCUMENT = "document"
        OWNER = "owner"
        SIMILAR = "similar"

    topic = models.CharField(max_length=10)
    key = models.CharField(max_length=200)
    said = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="import_answer_once")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
