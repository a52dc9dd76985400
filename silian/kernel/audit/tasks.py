from procrastinate.contrib.django import app

from silian.kernel.audit import services
from silian.kernel.jobs.services import running


@app.task
def check_record(job_id: int, expect: str = "") -> None:
    """The auditor's "check now"; what it finds stands in the record itself."""
    with running(job_id) as job:
        services.check_record(by=job.by, expect=expect, report=job.advance)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="audit.check")
def check_nightly(timestamp: int) -> None:
    services.check_record(by=None)
