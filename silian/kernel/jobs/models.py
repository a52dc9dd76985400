import time
from contextlib import closing
from datetime import timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from silian.kernel import clock

SILENCE = timedelta(seconds=30)  # workers say that they live every ten seconds
PACE = 0.5  # seconds between two writes of one job's progress


class JobQuerySet(models.QuerySet["Job"]):
    def not_over(self) -> "JobQuerySet":
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Job(models.Model):
    """Work that takes over a second, as the person who started it sees it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    STATE_COLOURS = {"waiting": "azure", "running": "blue", "done": "green", "failed": "red"}

    title = models.CharField(_("job"), max_length=200)  # an English msgid
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # None while nobody knows
    error = models.TextField(_("error"), blank=True)
    url = models.CharField(max_length=300, blank=True)  # where the result is shown
    queue_id = models.BigIntegerField(null=True, db_index=True)  # procrastinate's own job
    started_at = models.DateTimeField(_("started"), default=clock.now)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["by", "-started_at"], name="job_mine")]

    # Set by ``services.running``: where progress is written, and when it last was.
    _within_transaction = False
    _written = 0.0

    def __str__(self) -> str:
        return gettext(self.title)

    @property
    def over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int | None:
        """How far it is, or None while nobody knows."""
        if self.state == self.State.DONE:
            return 100
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def interrupted(self) -> bool:
        """Did the worker that had it stop answering? Then the next worker will repeat it."""
        if self.state != self.State.RUNNING or not self.queue_id:
            return False
        return stalled().filter(pk=self.queue_id).exists()

    def advance(self, done: int, total: int | None = None) -> None:
        """Say how far the work is; cheap enough to be called for every row.

        Written twice a second at most, on a connection of its own, so that a page shows it
        while the transaction of the work is still open.
        """
        self.done, self.total = done, self.total if total is None else total
        if time.monotonic() - self._written < PACE and done != self.total:
            return
        self._written = time.monotonic()
        if self._within_transaction:
            type(self).objects.filter(pk=self.pk).update(done=self.done, total=self.total)
            return
        with closing(connection.copy()) as apart, apart.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET done = %s, total = %s WHERE id = %s AND state = 'running'",
                [self.done, self.total, self.pk],
            )


def stalled() -> models.QuerySet[ProcrastinateJob]:
    """What the queue calls running although its worker is gone or has fallen silent."""
    silent = Q(worker__last_heartbeat__lt=Now() - SILENCE)
    return ProcrastinateJob.objects.filter(Q(worker=None) | silent, status="doing")
