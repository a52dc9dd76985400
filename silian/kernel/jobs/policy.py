from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from silian.kernel.accounts.models import User
from silian.kernel.jobs.models import SILENCE, Job, stalled
from silian.kernel.verdicts import YES, Verdict


def visible_jobs(user: User) -> QuerySet[Job]:
    """What this person started; the system administrator sees everybody's."""
    if may_run_the_system(user):
        return Job.objects.select_related("by")
    return Job.objects.filter(by=user).select_related("by")


def visible_queue(user: User) -> QuerySet[ProcrastinateJob]:
    """The queue behind the jobs, with the error and the title of each that has a Job."""
    if not may_run_the_system(user):
        return ProcrastinateJob.objects.none()
    job = Job.objects.filter(queue_id=OuterRef("pk"))
    everything: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.all()
    return everything.select_related("worker").annotate(
        title=Subquery(job.values("title")[:1]), error=Subquery(job.values("error")[:1])
    )


def visible_workers(user: User) -> QuerySet[ProcrastinateWorker]:
    """The workers, and whether each has fallen silent."""
    if not may_run_the_system(user):
        return ProcrastinateWorker.objects.none()
    silent = ExpressionWrapper(Q(last_heartbeat__lt=Now() - SILENCE), BooleanField())
    everybody: QuerySet[ProcrastinateWorker] = ProcrastinateWorker.objects.all()
    return everybody.annotate(silent=silent).order_by("pk")


def may_run_the_system(user: User) -> Verdict:
    if user.duty == User.Duty.SYSTEM:
        return YES
    return Verdict(_("Only the system administrator may see this."))


def may_retry(user: User, queued: ProcrastinateJob) -> Verdict:
    verdict = may_run_the_system(user)
    if not verdict or queued.status == "failed":
        return verdict
    if queued.status == "doing" and stalled().filter(pk=queued.pk).exists():
        return YES
    return Verdict(_("Only work that failed or was interrupted can be done again."))
