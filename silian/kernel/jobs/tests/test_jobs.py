import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext_lazy

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.jobs import services
from silian.kernel.jobs.tests.factories import make_job

pytestmark = pytest.mark.django_db


def test_within_a_transaction_progress_waits_for_its_commit() -> None:
    job = make_job()
    with services.running(job.pk) as running:
        running.advance(2, 2)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)


def test_errors_are_in_the_language_of_whoever_started_it() -> None:
    job = make_job(by=make_user(language="zh-hans"))
    errors = [gettext_lazy("Waiting"), gettext_lazy("Running")]
    with pytest.raises(ValidationError), services.running(job.pk):
        raise ValidationError(errors)
    job.refresh_from_db()
    assert job.error == "等待中\n执行中"


def test_progress_is_shown_to_its_owner_and_the_system_administrator(client: Client) -> None:
    owner = make_user(language="en")
    job = make_job(by=owner, state="running", done=1, total=4)
    addresses = [reverse("jobs:progress", args=[job.pk]), reverse("jobs:job_detail", args=[job.pk])]
    for address in addresses:
        client.logout()
        assert client.get(address).status_code == 302
        client.force_login(make_user())
        assert client.get(address).status_code == 404
        for seeing in (owner, make_user(duty=User.Duty.SYSTEM)):
            client.force_login(seeing)
            assert "hx-get" in client.get(address).content.decode()


def test_progress_stops_asking_when_it_is_over_and_offers_the_result(client: Client) -> None:
    job = make_job(state="done", ended_at=clock.now())
    client.force_login(job.by)
    page = client.get(reverse("jobs:progress", args=[job.pk])).content.decode()
    assert "hx-get" not in page and 'href="/counted/"' in page


def test_a_failure_shows_its_error(client: Client) -> None:
    job = make_job(state="failed", ended_at=clock.now(), error="第 3 行：<学校> 未填写")
    client.force_login(job.by)
    page = client.get(reverse("jobs:progress", args=[job.pk])).content.decode()
    assert "hx-get" not in page and "&lt;学校&gt; 未填写" in page


def test_my_jobs_are_mine(client: Client) -> None:
    job = make_job(by=make_user(duty=User.Duty.SYSTEM))
    make_job(title="Somebody else's")
    assert client.get("/jobs/").status_code == 302
    client.force_login(job.by)
    page = client.get("/jobs/").content.decode()
    assert "Count" in page and "Somebody" not in page
    client.force_login(make_user())
    assert "You have not started any job yet." in client.get("/jobs/").content.decode()


@pytest.mark.parametrize("address", ["/jobs/", "/system/jobs/"])
def test_many_jobs_ask_the_database_no_more_than_one(client: Client, address: str) -> None:
    user = make_user(duty=User.Duty.SYSTEM)
    client.force_login(user)
    make_job(by=user)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    for _ in range(30):
        make_job(by=user)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(one) == len(many)


@pytest.mark.parametrize("duty", ["", "audit", "security"])
def test_the_queue_is_for_the_system_administrator(client: Client, duty: str) -> None:
    job = make_job()
    one = reverse("jobs:queued", args=[job.queue_id])
    assert client.get("/system/jobs/").status_code == client.get(one).status_code == 302
    client.force_login(make_user(duty=duty))
    assert client.get("/system/jobs/").status_code == 403
    assert client.get(one).status_code == 404
    assert client.post(reverse("jobs:retry", args=[job.queue_id])).status_code == 404


def test_the_queue_says_that_no_worker_runs(client: Client) -> None:
    make_job()
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    page = client.get("/system/jobs/").content.decode()
    assert "No worker is running" in page and "silian.kernel.jobs.tasks.tend" in page
    assert "Count" in page
    assert "Count" not in client.get("/system/jobs/", {"status": "failed"}).content.decode()


def test_only_what_failed_can_be_done_again(client: Client) -> None:
    job = make_job()
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    assert client.post(reverse("jobs:retry", args=[job.queue_id])).status_code == 403
    page = client.get(reverse("jobs:queued", args=[job.queue_id])).content.decode()
    assert "Only work that failed or was interrupted can be done again." in page


def test_in_chinese(client: Client) -> None:
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    client.cookies["django_language"] = "zh-hans"
    assert "后台任务队列" in client.get("/system/jobs/").content.decode()
    assert "我的后台任务" in client.get("/jobs/").content.decode()
