import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.jobs import services
from silian.kernel.jobs.models import Job
from silian.kernel.jobs.tests.factories import count_up, make_job, work

pytestmark = pytest.mark.usefixtures("queue")


def test_a_worker_does_the_work_and_says_so() -> None:
    job = make_job(upto=3)
    assert (job.state, job.percent) == ("waiting", None)
    work()
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.percent) == ("done", 3, 3, 100)
    assert job.ended_at and job.over


def test_a_failure_keeps_its_text() -> None:
    job = make_job(upto=-1)
    work()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "there is no such number")
    assert ProcrastinateJob.objects.get(pk=job.queue_id).status == "failed"


def test_nothing_is_queued_by_a_transaction_that_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.start(count_up, title="Count", by=make_user(), upto=1)
        raise ZeroDivisionError
    assert not Job.objects.exists() and not ProcrastinateJob.objects.exists()


def test_progress_is_seen_while_the_work_is_not_committed() -> None:
    job = make_job()
    with services.running(job.pk) as running, transaction.atomic():
        job.by.save()
        running.advance(1, 4)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT done, total FROM jobs_job WHERE id = %s", [job.pk])
            assert cursor.fetchone() == (1, 4)
        other.close()


def test_progress_of_every_row_is_few_writes() -> None:
    job = make_job()
    with services.running(job.pk) as running:
        running.advance(1, 10_000)
        for number in range(2, 10_000):
            running.advance(number)
        job.refresh_from_db()
        assert job.done < 9_999
    job.refresh_from_db()
    assert job.done == 9_999
