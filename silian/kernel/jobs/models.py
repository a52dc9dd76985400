from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Job(models.Model):
    """Work that takes over a second, as the person who started it sees it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    title = models.CharField(_("job"), max_length=200)  # an English msgid
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # None while nobody knows
    error = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)  # where the result is shown
    queue_id = models.BigIntegerField(null=True)  # procrastinate's own job
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.title
