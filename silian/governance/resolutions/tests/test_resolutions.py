"""A resolution's way: entered with a number, reported on, reminded of, confirmed or dropped."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Meeting
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.motions.tests.factories import voter_of
from silian.governance.resolutions import services
from silian.governance.resolutions.models import Resolution
from silian.governance.resolutions.tests.factories import (
    make_carried,
    make_owner,
    make_resolution,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files.models import StoredFile
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.search import services as search
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(consortium: Consortium) -> User:
    return make_secretary(consortium)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(resolution: Resolution, verb: str = "detail") -> str:
    args = [resolution.consortium, resolution.pk]
    return reverse(f"resolutions:resolution_{verb}", args=args)


def index(consortium: Consortium) -> str:
    return reverse("resolutions:resolution_index", args=[consortium])


def new(consortium: Consortium, source: str) -> str:
    return reverse("resolutions:resolution_new", args=[consortium]) + source


def test_a_carried_motion_becomes_a_numbered_resolution(
    consortium: Consortium, secretary: User
) -> None:
    motion = make_carried(consortium, by=secretary)
    owner = make_owner(consortium)
    client = signed_in(secretary)
    [todo] = [t for t in todos_of(secretary) if "resolutions" in t.url]
    assert motion.title_en in client.get(todo.url).text
    address = new(consortium, f"?motion={motion.pk}")
    assert motion.text_zh.splitlines()[0] in client.get(address).text
    typed = {"title_zh": motion.title_zh, "text_zh": motion.text_zh}
    typed |= {"decided_on": f"{clock.today()}", "owner": owner.pk}
    page = client.post(address, typed).text
    assert "Say by when, or leave out the unit." in page
    due = clock.today() + timedelta(days=20)
    client.post(address, typed | {"due_on": f"{due}", "person": "林工"})

    resolution = Resolution.objects.get()
    assert resolution.number == f"决议〔{clock.today().year}〕1号"
    assert (resolution.motion, resolution.owner, resolution.state) == (motion, owner, "open")
    assert resolution.number in client.get(motion.get_absolute_url()).text
    assert Notice.objects.get(to=voter_of(owner)).url == url(resolution)
    assert client.get(address).status_code == 404  # once is enough
    assert not [t for t in todos_of(secretary) if "sources" in t.url]
    with pytest.raises(IllegalMove):
        facts = {"title_zh": "再来", "decided_on": clock.today()}
        services.enter_resolution(consortium, by=secretary, motion=motion, **facts)


def test_a_meeting_without_a_motion_and_nothing_left_to_do(
    consortium: Consortium, secretary: User
) -> None:
    make_carried(consortium, by=secretary)
    meeting = Meeting.objects.get()
    client = signed_in(secretary)
    typed = {"title_zh": "听取报告", "decided_on": f"{clock.today()}"}
    client.post(new(consortium, f"?meeting={meeting.pk}"), typed)
    resolution = Resolution.objects.get()
    assert (resolution.state, resolution.meeting) == ("done", meeting)
    tomorrow = f"{clock.today() + timedelta(days=1)}"
    page = client.post(new(consortium, f"?meeting={meeting.pk}"), typed | {"decided_on": tomorrow})
    assert "This day is in the future." in page.text
    assert client.get(new(consortium, "?meeting=x")).status_code == 404
    assert client.get(new(consortium, "")).status_code == 404


def test_numbers_run_by_year_and_keep_their_rule(consortium: Consortium, secretary: User) -> None:
    first = make_resolution(consortium, by=secretary)
    address = reverse("resolutions:numbering", args=[consortium])
    signed_in(secretary).post(address, {"prefix": "明水联决"})
    second = make_resolution(consortium, by=secretary)
    year = clock.today().year
    last_year = clock.today().replace(year=year - 1, day=1)
    old = make_resolution(consortium, by=secretary, decided_on=last_year)
    elsewhere = make_resolution(make_consortium())
    assert [r.number for r in (first, second, old, elsewhere)] == [
        f"决议〔{year}〕1号",
        f"明水联决〔{year}〕2号",
        f"明水联决〔{year - 1}〕1号",
        f"决议〔{year}〕1号",
    ]
    member = signed_in(make_staff(make_membership(consortium).organisation))
    assert member.get(address).status_code == 403


def test_members_read_strangers_do_not_and_only_the_secretariat_decides(
    consortium: Consortium,
) -> None:
    resolution = make_resolution(consortium)
    member = signed_in(make_staff(make_membership(consortium).organisation))
    stranger = signed_in(make_staff(make_membership(make_consortium()).organisation))
    assert resolution.title_en in member.get(url(resolution)).text
    assert "Record" not in member.get(url(resolution)).text
    assert resolution.title_en not in stranger.get(index(consortium)).text
    assert Client().get(url(resolution)).status_code == 302
    for verb in ("edit", "report", "confirm", "return", "drop"):
        answer = member.post(url(resolution, verb), {"reason": "x"})
        assert answer.status_code == 403, verb
        assert stranger.post(url(resolution, verb), {"reason": "x"}).status_code == 404, verb
    assert member.get(new(consortium, "?motion=1")).status_code == 403
    assert member.get(reverse("resolutions:source_index", args=[consortium])).status_code == 403


def test_the_unit_in_charge_reports_until_the_secretariat_confirms(
    consortium: Consortium, secretary: User
) -> None:
    resolution = make_resolution(consortium, by=secretary)
    client = signed_in(voter_of(resolution.owner))
    assert "This field is required" in client.post(url(resolution, "report"), {"text": ""}).text
    files = [SimpleUploadedFile(f"{n}.png", PNG) for n in ("会议", "签到")]
    client.post(url(resolution, "report"), {"text": "已完成一半。", "proofs": files})
    assert resolution.reports.get().files.count() == 2
    assert Notice.objects.filter(to=secretary, url=url(resolution)).count() == 1
    client.post(url(resolution, "report"), {"text": "全部完成。", "done": "on"})

    resolution.refresh_from_db()
    assert resolution.state == "reported"
    assert client.get(url(resolution)).text.index("全部完成。") > 0
    [todo] = [t for t in todos_of(secretary) if "reported" in t.url]
    boss = signed_in(secretary)
    assert resolution.title_en in boss.get(todo.url).text
    boss.post(url(resolution, "return"), {"reason": "缺少照片"})
    resolution.refresh_from_db()
    assert resolution.state == "open"
    assert "缺少照片" in client.get(url(resolution)).text
    client.post(url(resolution, "report"), {"text": "补齐。", "done": "on"})
    boss.post(url(resolution, "confirm"))
    resolution.refresh_from_db()
    assert (resolution.state, resolution.ended_on) == ("done", clock.today())
    assert client.get(url(resolution, "report")).status_code == 403


def test_files_are_for_the_unit_and_the_secretariat(
    consortium: Consortium, secretary: User
) -> None:
    resolution = make_resolution(consortium, by=secretary)
    upload = SimpleUploadedFile("a.png", PNG)
    services.report(resolution, "见附件", by=voter_of(resolution.owner), files=[upload])
    stored = StoredFile.objects.get()
    address = reverse("resolutions:resolution_file", args=[consortium, resolution.pk, stored.pk])
    assert signed_in(secretary).get(address).status_code == 200
    assert signed_in(voter_of(resolution.owner)).get(address).status_code == 200
    member = signed_in(make_staff(make_membership(consortium).organisation))
    assert member.get(address).status_code == 404
    assert "a.png" not in member.get(url(resolution)).text


def test_it_is_given_to_somebody_else_and_both_are_told(
    consortium: Consortium, secretary: User
) -> None:
    resolution = make_resolution(consortium, by=secretary)
    before, after = resolution.owner, make_owner(consortium)
    client = signed_in(secretary)
    typed = {"owner": after.pk, "due_on": f"{clock.today()}", "why": ""}
    assert "This field is required" in client.post(url(resolution, "edit"), typed).text
    client.post(url(resolution, "edit"), typed | {"why": "分工调整"})
    resolution.refresh_from_db()
    assert resolution.owner == after
    for unit in (before, after):
        assert Notice.objects.filter(to=voter_of(unit), params__why="分工调整").exists()


def test_it_is_dropped_with_a_reason(consortium: Consortium, secretary: User) -> None:
    resolution = make_resolution(consortium, by=secretary)
    client = signed_in(secretary)
    client.post(url(resolution, "drop"), {"reason": " "})
    resolution.refresh_from_db()
    assert resolution.state == "open"
    client.post(url(resolution, "drop"), {"reason": "政策已变"})
    resolution.refresh_from_db()
    assert (resolution.state, resolution.outcome) == ("dropped", "政策已变")
    assert "政策已变" in client.get(url(resolution)).text
    with pytest.raises(IllegalMove):
        services.report(resolution, "晚了", by=secretary)


def test_reminders_come_before_and_after_the_day(
    consortium: Consortium, secretary: User, settings: LazySettings
) -> None:
    resolution = make_resolution(consortium, by=secretary, days=10)
    owner = voter_of(resolution.owner)
    start = clock.now()
    days = []
    for day in range(30):
        settings.CLOCK = (start + timedelta(days=day)).isoformat()
        before = Notice.objects.filter(to=owner, message__contains="due on").count()
        services.remind_all()
        services.remind_all()
        if Notice.objects.filter(to=owner, message__contains="due on").count() > before:
            days.append(10 - day)
    assert days == [7, 1, 0, -1, -8, -15]
    assert Notice.objects.filter(to=secretary, message__contains="is not done").count() == 3


def test_what_waits_is_listed_for_both_sides(consortium: Consortium, secretary: User) -> None:
    resolution = make_resolution(consortium, by=secretary, days=-3)
    [mine] = todos_of(voter_of(resolution.owner))
    assert (mine.url, mine.due.date()) == (url(resolution), resolution.due_on)
    [overdue] = [todo for todo in todos_of(secretary) if "resolutions" in todo.url]
    assert (overdue.count, "overdue" in overdue.url) == (1, True)
    assert not todos_of(make_user())


def test_the_register_is_filtered_exported_and_grows_without_queries(
    consortium: Consortium, secretary: User
) -> None:
    late = make_resolution(consortium, by=secretary, days=-3, title_en="First")
    make_resolution(consortium, by=secretary, title_en="Second")
    client = signed_in(voter_of(late.owner))
    for query in ({"only": "overdue"}, {"only": "mine"}, {"owner": late.owner_id}, {"q": "First"}):
        page = client.get(index(consortium), query).text
        assert ("First" in page, "Second" in page) == (True, False), query
    csv = client.get(index(consortium), {"export": "csv"}).text
    assert late.number in csv
    assert "-3" in csv

    def grow(rows: int) -> int:
        for _ in range(rows):
            make_resolution(consortium, by=secretary)
        with CaptureQueriesContext(connection) as queries:
            client.get(index(consortium))
        return len(queries)

    client.get(index(consortium))
    assert grow(1) == grow(29)


def test_the_database_wants_owner_and_day_for_what_is_open(consortium: Consortium) -> None:
    resolution = make_resolution(consortium)
    with pytest.raises(IntegrityError, match="owner_and_day"), transaction.atomic():
        Resolution.objects.filter(pk=resolution.pk).update(owner=None)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers() -> None:
    consortium = make_consortium()
    secretary = make_secretary(consortium)

    def enter(_number: int) -> str:
        facts = {"title_zh": "决定", "decided_on": clock.today()}
        entered = services.enter_resolution(consortium, by=secretary, **facts)
        connections.close_all()
        return entered.number

    with ThreadPoolExecutor(4) as desks:
        assert len(set(desks.map(enter, range(8)))) == 8


@pytest.mark.django_db(transaction=True)
def test_resolutions_are_found_by_members() -> None:
    consortium = make_consortium()
    resolution = make_resolution(consortium, title_zh="建设石墨烯中试基地")
    assert url(resolution) in [h.url for h in search.find(voter_of(resolution.owner), "石墨烯")]
    assert not search.find(make_user(), "石墨烯")
