import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit import services, tasks
from silian.kernel.audit.models import Entry
from silian.kernel.audit.services import record
from silian.kernel.audit.tests.factories import chain, make_entries, tamper
from silian.kernel.jobs.models import Job
from silian.kernel.jobs.tests.factories import make_job
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db
INDEX = "/system/record/"


@pytest.fixture
def auditor(client: Client) -> User:
    user = make_user("审计员", duty=User.Duty.AUDIT)
    client.force_login(user)
    return user


def text(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("duty", ["", "system", "security"])
def test_the_auditor_alone_sees_the_record(client: Client, duty: str) -> None:
    entry = make_entries(1)[0]
    addresses = [INDEX, reverse("audit:entry_detail", args=[entry.pk]), reverse("audit:check")]
    assert all(client.get(address).status_code == 302 for address in addresses)
    client.force_login(make_user(duty=duty))
    assert all(client.get(address).status_code == 403 for address in addresses)
    assert client.post(reverse("audit:check")).status_code == 403
    assert not Job.objects.exists()


def test_the_record_can_be_searched_by_person_thing_action_and_day(
    client: Client, auditor: User
) -> None:
    record(make_user("李梅"), "State changed", by=make_user("王强"), was="x", why="已核对")
    record(make_job(), "Something odd", by=make_user("赵丽"))
    page = text(client, INDEX, q="李梅")
    assert "王强" in page and "已核对" in page and "赵丽" not in page
    assert "李梅" not in text(client, INDEX, person="赵")
    assert "赵丽" not in text(client, INDEX, action="State changed")
    assert "王强" not in text(client, INDEX, kind="jobs.Job")
    assert "There is nothing" not in text(client, INDEX, after="2020-01-01")
    assert "李梅" not in text(client, INDEX, before="2020-01-01")


def test_the_export_has_everything(client: Client, auditor: User) -> None:
    record(auditor, "State changed", by=auditor, why="已核对")
    response = client.get(INDEX, {"export": "csv"})
    assert "已核对" in response.content.decode("utf-8-sig")


def test_a_long_record_asks_the_database_no_more_than_a_short_one(
    client: Client, auditor: User
) -> None:
    make_entries(1, by=make_user())
    client.get(INDEX)  # what is read once per process
    with CaptureQueriesContext(connection) as one:
        client.get(INDEX)
    for _ in range(30):
        make_entries(1, by=make_user())
    with CaptureQueriesContext(connection) as many:
        client.get(INDEX)
    assert len(one) == len(many)


def test_an_entry_shows_what_it_tells_and_where_it_stands(client: Client, auditor: User) -> None:
    job = make_job()
    entry = record(job, "State changed", by=auditor, was="waiting", to="done", why="because")
    chain()
    page = text(client, reverse("audit:entry_detail", args=[entry.pk]))
    for words in ("Waiting", "Done", "because", entry.digest, entry.link.hash):
        assert words in page
    record(User(username="四链"), "Of an earlier release", by=None)
    tamper("UPDATE audit_entry SET subject = 'gone.Model:1' WHERE label = '四链'")
    assert "gone.Model" in text(client, INDEX)


def test_a_check_is_a_job_and_its_result_stands_in_the_record(
    client: Client, auditor: User
) -> None:
    chain()
    assert "has not been checked yet" in text(client, INDEX)
    response = client.post(reverse("audit:check"), {"expect": ""})
    job = Job.objects.get()
    assert response["Location"] == reverse("jobs:job_detail", args=[job.pk])
    tasks.check_record(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    check = services.last_check()
    assert check and check.by == auditor and check.action == services.SOUND
    page = text(client, INDEX)
    assert check.detail["head"] in page and "Record found sound" in page


def test_a_broken_record_is_shown_with_its_first_bad_entry(client: Client, auditor: User) -> None:
    entry = make_entries(3)[1]
    tamper("UPDATE audit_entry SET label = 'x' WHERE id = %s", entry.pk)
    assert todos_of(auditor) == []
    tasks.check_nightly(0)
    assert [todo.label for todo in todos_of(auditor)] == ["Record found broken"]
    assert todos_of(make_user()) == []
    page = text(client, INDEX)
    assert "The entry was changed." in page
    assert reverse("audit:entry_detail", args=[entry.pk]) in page


def test_a_head_that_is_none_is_refused_beside_the_field(client: Client, auditor: User) -> None:
    response = client.post(reverse("audit:check"), {"expect": "not a head"})
    page = response.content.decode()
    assert response.status_code == 200 and "not a head" in page and "64" in page
    assert not Job.objects.exists()


def test_in_chinese(client: Client, auditor: User) -> None:
    record(auditor, "State changed", by=auditor)
    client.cookies["django_language"] = "zh-hans"
    page = text(client, INDEX)
    assert "全平台审计记录" in page and "立即核验" in page
    assert "状态变更" in page and ">State changed<" not in page


def test_signing_in_and_out_and_failing_to_are_recorded(client: Client) -> None:
    user = make_user()
    user.set_password("a long password")
    user.save()
    browser = {"REMOTE_ADDR": "10.1.2.3", "HTTP_USER_AGENT": "Firefox"}
    request = RequestFactory(**browser).get("/")
    assert authenticate(request, username=user.username, password="wrong") is None
    client.force_login(user)
    client.logout()
    entries = list(Entry.objects.filter(subject=f"accounts.User:{user.pk}"))
    assert [entry.action for entry in entries] == ["Sign-in refused", "Signed in", "Signed out"]
    failed = entries[0]
    assert failed.by is None
    assert failed.detail == {"IP address": "10.1.2.3", "agent": "Firefox"}


def test_an_attempt_under_a_name_that_nobody_has_is_recorded_too() -> None:
    user_login_failed.send(User, credentials={"email": "nobody@example.org"}, request=None)
    entry = Entry.objects.get()
    assert (entry.action, entry.by, entry.detail) == ("Sign-in refused", None, {})
    assert entry.label == "", "it might be a password in the wrong field"


def test_a_refusal_finds_the_person_by_mail_too() -> None:
    user = make_user(email="li@example.org")
    user_login_failed.send(User, credentials={"email": "LI@example.org"}, request=None)
    assert Entry.objects.get().subject == f"accounts.User:{user.pk}"


def test_the_timeline_of_a_thing_shows_its_own_entries(rf: RequestFactory) -> None:
    job, other = make_job(), make_job()
    record(job, "State changed", by=None, was="waiting", to="done")
    record(other, "Something else", by=None)
    page = Template("{% timeline job %}").render(Context({"job": job}))
    assert "State changed" in page and "Waiting → Done" in page and "Something else" not in page
