import pytest

from silian.kernel.jobs import services
from silian.kernel.jobs.tests.factories import make_job


@pytest.mark.django_db
def test_within_a_transaction_progress_waits_for_its_commit() -> None:
    job = make_job()
    with services.running(job.pk) as running:
        running.advance(2, 2)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)
