from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Import(models.Model):
    """One spreadsheet on its way in: who brought it, what was found in it, what became of it."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Being checked")
        CHECKED = "checked", _("Checked")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")

    MOVES = {
        State.UPLOADED: {State.CHECKED, State.FAILED},
        State.CHECKED: {State.UPLOADED, State.IMPORTING},
        State.IMPORTING: {State.DONE, State.FAILED, State.CHECKED, State.UPLOADED},
        State.FAILED: {State.UPLOADED},
    }
    STATE_COLOURS = {"checked": "blue", "importing": "azure", "done": "green", "failed": "red"}

    sheet = models.CharField(max_length=60)
    scope = models.CharField(max_length=60)  # as in the address: a slug, a key
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the file; here for the constraint below
    language = models.CharField(max_length=10)  # the reader's, for what is said about the file
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by whom"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("uploaded"), default=clock.now)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    total = models.PositiveIntegerField(_("rows"), default=0)
    good = models.PositiveIntegerField(_("good rows"), default=0)
    problem_count = models.PositiveIntegerField(_("errors"), default=0)
    problems = models.JSONField(default=list)  # [row, field, value, message]; the first thousands
    warnings = models.JSONField(default=list)  # texts
    outlook = models.JSONField(default=list)  # texts: what importing will do
    preview = models.JSONField(default=dict)  # {"columns": […], "rows": [[number, text, …], …]}
    saved = models.PositiveIntegerField(_("rows imported"), null=True)
    failure = models.TextField(blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["sheet", "scope"], name="imports_of_a_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "scope", "sha256"],
                condition=models.Q(state="done"),
                name="a_file_is_imported_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.file)
