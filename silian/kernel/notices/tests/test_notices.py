from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices import tasks, todos
from silian.kernel.notices.models import Notice
from silian.kernel.notices.services import AT_ONCE, notify, unread_count
from silian.kernel.notices.todos import Todo

pytestmark = pytest.mark.django_db
NOTICES = "/me/notices/"
MESSAGE = "You now act for %(side)s."
SIDE = {"zh": "明水职教集团", "en": "Mingshui Group"}


@pytest.fixture
def reader(client: Client) -> User:
    user = make_user(language="en")
    client.force_login(user)
    return user


def tell(*people: User, url: str = "/me/account/", side: object = SIDE) -> Notice:
    notify(people, MESSAGE, url=url, side=side)
    return Notice.objects.latest("pk")


def test_each_is_told_once(reader: User) -> None:
    notify([reader, reader], MESSAGE, side=SIDE)
    assert unread_count(reader) == 1


def test_opening_marks_read_and_goes_there(client: Client, reader: User) -> None:
    notice = tell(reader)
    assert client.get(f"{NOTICES}{notice.pk}/").url == "/me/account/"
    assert unread_count(reader) == 0


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:x", ""])
def test_a_notice_never_leads_off_the_site(client: Client, reader: User, url: str) -> None:
    assert client.get(f"{NOTICES}{tell(reader, url=url).pk}/").url == NOTICES


def test_anothers_notice_does_not_exist(client: Client, reader: User) -> None:
    notice = tell(make_user())
    assert client.get(f"{NOTICES}{notice.pk}/").status_code == 404
    assert client.post(f"{NOTICES}{notice.pk}/read/").status_code == 404
    client.post(f"{NOTICES}read/")
    assert "Mingshui" not in client.get(NOTICES).content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_one_or_all_are_marked_read(client: Client, reader: User) -> None:
    first, _second = tell(reader), tell(reader)
    row = client.post(f"{NOTICES}{first.pk}/read/", headers={"HX-Request": "true"})
    assert "Mark as read" not in row.content.decode() and unread_count(reader) == 1
    client.post(f"{NOTICES}read/")
    assert unread_count(reader) == 0
    assert "No notice fits." in client.get(NOTICES, {"show": "unread"}).content.decode()


@pytest.mark.parametrize("words", ["明水", "mingshui", "now act"])
def test_notices_are_found_by_what_they_say(client: Client, reader: User, words: str) -> None:
    tell(reader)
    tell(reader, side={"zh": "别的单位", "en": "Another unit"})
    part = client.get(NOTICES, {"q": words}, headers={"HX-Request": "true"}).content.decode()
    assert "Mingshui Group" in part and "<html" not in part
    assert ("Another unit" in part) is (words == "now act")


def test_the_list_pages_at_the_same_number_of_queries(client: Client, reader: User) -> None:
    client.get(NOTICES)  # the session is written on the first request
    counts = []
    for number in (1, 30):
        for _notice in range(number):
            tell(reader)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(NOTICES).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert client.get(NOTICES, {"page": "2"}).content.decode().count("notice-") >= 11
    assert client.get(NOTICES, {"page": "x", "show": "junk"}).status_code == 200


def test_the_text_is_in_the_readers_language(client: Client, reader: User) -> None:
    tell(reader)
    client.cookies["django_language"] = "zh-hans"
    assert "您现在可以代表明水职教集团办理事务。" in client.get(NOTICES).content.decode()


# --- mail ---------------------------------------------------------------------------------


def test_mail_is_worded_in_the_language_of_each() -> None:
    chinese = make_user(email="zh@example.com", language="zh-hans")
    notice = tell(chinese)
    tasks.deliver(notice.pk, "mail")
    (sent,) = mail.outbox
    assert sent.to == ["zh@example.com"] and "明水职教集团" in sent.subject
    assert "/me/account/" in sent.body and "关闭邮件通知" in sent.body


@pytest.mark.parametrize(
    "fields", [{"email": ""}, {"mail_notices": False}, {"is_active": False}], ids=str
)
def test_who_does_not_want_mail_gets_none(fields: dict[str, object]) -> None:
    notice = tell(make_user(**({"email": "x@example.com"} | fields)))
    assert not ProcrastinateJob.objects.filter(args__notice_id=notice.pk).exists()
    tasks.deliver(notice.pk, "mail")
    assert not mail.outbox


def test_a_name_cannot_break_out_of_the_subject() -> None:
    person = make_user(email="x@example.com", language="en")
    tasks.deliver(tell(person, side="A\nBcc: all@example.com").pk, "mail")
    assert "\n" not in mail.outbox[0].subject and not mail.outbox[0].bcc


@pytest.mark.django_db(transaction=True)
def test_mail_leaves_after_commit_and_only_then() -> None:
    person = make_user(email="x@example.com", language="en")
    with transaction.atomic():
        tell(person)
        transaction.set_rollback(True)
    work_off()
    assert not mail.outbox
    tell(person)
    work_off()
    assert [sent.to for sent in mail.outbox] == [["x@example.com"]]


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_is_tried_again(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    notice = tell(make_user(email="x@example.com"))
    work_off()
    job = ProcrastinateJob.objects.get(args__notice_id=notice.pk)
    assert job.status == "todo" and job.attempts == 1 and job.scheduled_at


def work_off() -> None:
    """Let a real worker do what is queued."""
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.mark.parametrize("as_rows", [True, False], ids=["queryset", "list"])
def test_many_are_told_by_as_many_queries_as_a_few(as_rows: bool) -> None:
    counts = []
    for number in (AT_ONCE + 1, 300):
        User.objects.bulk_create(User(username=f"{number}-{n}") for n in range(number))
        people = User.objects.filter(username__startswith=f"{number}-")
        with CaptureQueriesContext(connection) as queries:
            notify(people if as_rows else list(people), MESSAGE, url="/me/", side=SIDE)
        counts.append(len(queries))
        assert Notice.objects.filter(to__in=people, url="/me/").count() == number
    assert counts[0] == counts[1] < 6


@pytest.mark.django_db(transaction=True)
def test_many_get_their_mail_once_each_in_their_language() -> None:
    addresses = {f"a{n}@example.com" for n in range(AT_ONCE + 5)}
    User.objects.bulk_create(
        User(username=it, email=it, language="zh-hans") for it in sorted(addresses)
    )
    User.objects.bulk_create(
        User(username=f"no-{n}", email=f"n{n}@example.com", mail_notices=False) for n in range(9)
    )
    deliveries = ProcrastinateJob.objects.filter(task_name__endswith=".deliver")
    before = deliveries.count()
    notify(User.objects.all(), MESSAGE, side=SIDE)
    assert deliveries.count() == before  # that is left to a worker
    work_off()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(addresses)
    assert {sent.subject for sent in mail.outbox} == {"您现在可以代表明水职教集团办理事务。"}


# --- to-dos -------------------------------------------------------------------------------


@pytest.fixture
def waiting() -> Iterator[None]:
    def some(user: User) -> list[Todo]:
        soon = clock.now() + timedelta(days=2)
        return [
            Todo("Later, whenever", "/later/"),
            Todo("Review three positions", "/soon/", count=3, due=soon, place="Mingshui"),
            Todo("Nothing to do", "/none/", count=0),
        ]

    todos.source(some)
    yield
    todos.sources.remove(some)


@pytest.mark.usefixtures("waiting")
def test_what_is_due_first_is_on_top(client: Client, reader: User) -> None:
    page = client.get("/me/todo/").content.decode()
    assert page.index("Review three positions") < page.index("Later, whenever")
    assert "Mingshui" in page and "Nothing to do" not in page


def test_an_empty_list_says_so(client: Client, reader: User) -> None:
    assert "Nothing waits for you." in client.get("/me/todo/").content.decode()


def test_the_menu_counts_anew_after_ones_own_deeds(client: Client, reader: User) -> None:
    asked: list[User] = []

    def counted(user: User) -> list[Todo]:
        asked.append(user)
        return [Todo("One", "/one/")]

    todos.source(counted)
    try:
        assert client.get("/me/notices/").context["navigation"].todo is None, "no page waits for it"
        for _page in range(3):
            assert "To-do: 1" in client.get("/me/todo/count/").content.decode()
        assert len(asked) == 1 and "To-do: 1" in client.get("/me/notices/").content.decode()
        client.post("/me/notices/read/")
        assert todos.known_count(reader) is None
        assert "To-do: 1" in client.get("/me/todo/count/").content.decode()
        assert len(asked) == 2
    finally:
        todos.sources.remove(counted)
