"""Reading texts in the background, when somebody asks and every night."""

from procrastinate.contrib.django import app

from silian.education.skillmap import reading
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel.jobs import services as jobs


@app.task(name="silian.education.skillmap.tasks.read_texts")
def read_texts(job_id: int, consortium_id: int, organisation_id: int | None = None) -> None:
    """Read what is new or changed in one consortium; each text is a transaction of its own."""
    consortium = Consortium.objects.get(pk=consortium_id)
    of = Organisation.objects.get(pk=organisation_id) if organisation_id else None
    with jobs.running(job_id) as job:
        reading.read_all(consortium, of=of, progress=job.advance)


@app.periodic(cron="40 2 * * *")
@app.task(name="silian.education.skillmap.tasks.read_nightly", queueing_lock="read_nightly")
def read_nightly(timestamp: int) -> None:
    for consortium in Consortium.objects.all():
        reading.read_all(consortium)
