from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from silian.governance.bodies.tests.factories import make_body
from silian.governance.charters.models import Charter
from silian.governance.council.models import Seat, Term
from silian.governance.meetings import agenda, policy, services, tasks
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.meetings.tests.factories import (
    make_attendee,
    make_called,
    make_chartered,
    make_current,
    make_meeting,
    make_open,
)
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files.tests.factories import PDF
from silian.kernel.jobs.tests.factories import work
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


def url(meeting: Meeting, verb: str = "detail", *more: object) -> str:
    return reverse(f"meetings:meeting_{verb}", args=[meeting.consortium, meeting.pk, *more])


def item_url(item: Item, verb: str) -> str:
    meeting = item.meeting
    return reverse(f"meetings:item_{verb}", args=[meeting.consortium, meeting.pk, item.pk])


def typed(**changes: object) -> dict[str, object]:
    starts = clock.now() + timedelta(days=20)
    facts = {
        "organ": "council",
        "title_zh": "理事会第二次会议",
        "form": "in_person",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "place_zh": "明水会议中心",
    }
    return facts | changes


def secretary_of(meeting: Meeting) -> User:
    return make_secretary(meeting.consortium)


def staff_of(attendee: Attendee) -> User:
    assert attendee.organisation
    return make_staff(attendee.organisation)


# --- who sees what ----------------------------------------------------------------------


def test_a_draft_is_the_secretariats_own(client: Client) -> None:
    meeting = make_meeting()
    member = make_staff(meeting.consortium.memberships.first().organisation)
    strangers = [member, make_user(), make_secretary(make_consortium())]
    for user in strangers:
        client.force_login(user)
        assert client.get(url(meeting)).status_code == 404
        assert client.post(url(meeting, "call"), {"called_as": "secretariat"}).status_code == 404
    client.force_login(secretary_of(meeting))
    assert client.get(url(meeting)).status_code == 200
    client.logout()
    assert client.get(url(meeting)).status_code == 302


def test_a_member_who_is_not_invited_reads_the_agenda_without_papers(client: Client) -> None:
    consortium = make_chartered()
    meeting = make_called(consortium, organ="council", link="https://meet.example.org/1")
    item = meeting.items.get()
    upload = SimpleUploadedFile("报告.pdf", PDF)
    agenda.save_item(item, papers=[upload], by=secretary_of(meeting))
    invited = make_attendee(meeting, user=make_user())
    stored = item.papers.get()
    paper = reverse("meetings:paper", args=[consortium, meeting.pk, stored.pk])

    client.force_login(make_staff(consortium.memberships.first().organisation))
    page = client.get(url(meeting))
    assert "Report" in page.text
    assert "报告.pdf" not in page.text and "meet.example.org" not in page.text
    assert client.get(paper).status_code == 404
    assert client.get(url(meeting, "edit")).status_code == 403

    client.force_login(invited.user)
    page = client.get(url(meeting))
    assert "报告.pdf" in page.text and "meet.example.org" in page.text
    assert client.get(paper).status_code == 200
    assert client.get(url(meeting, "ics")).status_code == 200

    client.force_login(make_user())
    assert client.get(url(meeting)).status_code == 404
    assert client.get(paper).status_code == 404
    assert client.get(url(meeting, "ics")).status_code == 404


def test_a_seat_of_a_person_is_that_persons_alone() -> None:
    consortium = make_chartered(1)
    unit = consortium.memberships.get().organisation
    colleague, holder = make_staff(unit), make_staff(unit)
    seat = Seat.objects.create(consortium=consortium, post="chair", number=1)
    Term.objects.create(
        seat=seat,
        organisation=unit,
        person="林白露",
        user=holder,
        how="elected",
        start=clock.today(),
    )
    meeting = make_called(consortium, organ="council")
    attendee = meeting.attendees.get()
    assert (attendee.name, attendee.user) == ("林白露", holder)
    assert policy.my_attendees(holder, meeting).get() == attendee
    assert not policy.is_invited(colleague, meeting)


def test_lists_cost_the_same_however_long(client: Client) -> None:
    consortium = make_chartered()
    client.force_login(make_secretary(consortium))
    address = reverse("meetings:meeting_index", args=[consortium])
    counts = []
    for number in (1, 29):
        for _one in range(number):
            make_meeting(consortium)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{address}?q=成员").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_index_finds_and_sorts(client: Client) -> None:
    consortium = make_chartered()
    body = make_body(consortium, state="running")
    make_meeting(consortium, title_en="Spring")
    make_meeting(consortium, body=body, title_en="Committee day")
    client.force_login(make_secretary(consortium))
    address = reverse("meetings:meeting_index", args=[consortium])
    page = client.get(f"{address}?of=bodies").text
    assert "Committee day" in page and "Spring" not in page
    assert "Spring" in client.get(f"{address}?when=ahead&of=assembly").text
    assert "Spring" not in client.get(f"{address}?when=past").text
    assert client.get(f"{address}?export=xlsx").status_code == 200
    assert client.get(reverse("meetings:meeting_month", args=[consortium])).status_code == 200
    events = client.get(reverse("meetings:meeting_events", args=[consortium])).json()
    assert {event["title"].partition(" · ")[0] for event in events} == {"Spring", "Committee day"}


# --- from draft to call -----------------------------------------------------------------


def test_the_secretariat_drafts_and_calls(
    client: Client, django_capture_on_commit_callbacks: object
) -> None:
    consortium = make_chartered(2)
    user = make_secretary(consortium)
    client.force_login(user)
    client.post(reverse("meetings:meeting_new", args=[consortium]), typed(organ="assembly"))
    meeting = Meeting.objects.get()
    assert meeting.state == "draft"
    assert [todo.label for todo in todos_of(user)] == ["Call “理事会第二次会议”"]
    assert "Put something on the agenda first." in client.get(url(meeting)).text
    assert client.get(url(meeting, "call")).status_code == 403

    new = reverse("meetings:item_new", args=[consortium, meeting.pk])
    facts = {"kind": "report", "title_zh": "年度工作报告", "minutes": 20}
    client.post(new, facts | {"papers": SimpleUploadedFile("报告.pdf", PDF)})
    client.post(new, {"kind": "election", "title_zh": "选举"})
    first, second = meeting.items.all()
    assert [first.order, second.order] == [1, 2]
    assert first.papers.get().name == "报告.pdf"
    client.post(item_url(second, "up"))
    assert [item.title_zh for item in meeting.items.all()] == ["选举", "年度工作报告"]

    page = client.get(url(meeting, "call")).text
    units = [m.organisation for m in consortium.memberships.all()]
    assert all(unit.name in page for unit in units)
    client.post(url(meeting, "call"), {"called_as": "secretariat"})
    meeting.refresh_from_db()
    assert meeting.state == "called" and meeting.charter == consortium.charters.get()
    assert {row.organisation for row in meeting.attendees.all()} == set(units)
    assert client.post(url(meeting, "call")).status_code == 403


def test_notice_shorter_than_the_charters_wants_a_reason(client: Client) -> None:
    soon = clock.now() + timedelta(days=4)
    meeting = make_meeting(starts_at=soon, ends_at=soon + timedelta(hours=1))
    client.force_login(secretary_of(meeting))
    page = client.post(url(meeting, "call"), {"called_as": "secretariat"})
    assert "10 days of notice; these are 4" in page.text
    assert "This field is required." in page.text
    with pytest.raises(ValidationError, match="10 days"):
        services.call_meeting(meeting, by=make_user())
    meeting.refresh_from_db()
    assert meeting.state == "draft" and not meeting.attendees.exists()

    client.post(
        url(meeting, "call"),
        {"called_as": "secretariat", "short_notice_why": "上级部门临时要求"},
    )
    meeting.refresh_from_db()
    assert meeting.state == "called"
    client.force_login(make_staff(meeting.attendees.first().organisation))
    assert "上级部门临时要求" in client.get(url(meeting)).text


def test_without_a_charter_no_organ_meets(client: Client) -> None:
    meeting = make_meeting(make_consortium())
    client.force_login(secretary_of(meeting))
    assert "no charter yet" in client.get(url(meeting)).text
    assert client.post(url(meeting, "call")).status_code == 403


def test_only_whom_the_charter_lets_may_call() -> None:
    meeting = make_meeting(make_chartered(callers=["chair"]))
    with pytest.raises(ValidationError, match="the secretariat"):
        services.call_meeting(meeting, by=make_user())
    services.call_meeting(meeting, by=make_user(), called_as=Charter.Caller.CHAIR)
    assert meeting.called_as == "chair"


def test_a_body_meets_with_those_whom_the_secretariat_names(client: Client) -> None:
    consortium = make_chartered(2)
    body = make_body(consortium, state="running")
    meeting = make_meeting(consortium, body=body)
    client.force_login(secretary_of(meeting))
    assert "Say first who votes" in client.get(url(meeting)).text
    unit = make_organisation()
    make_attendee(meeting, organisation=unit, votes=1)
    client.post(url(meeting, "call"), {"called_as": "chair"})
    meeting.refresh_from_db()
    assert meeting.state == "called"
    assert [row.organisation for row in meeting.attendees.all()] == [unit]


def test_two_call_at_once_and_one_is_told(client: Client) -> None:
    meeting = make_meeting()
    other = Meeting.objects.get(pk=meeting.pk)
    services.call_meeting(meeting, by=make_user())
    with pytest.raises(IllegalMove):
        services.call_meeting(other, by=make_user())
    assert meeting.attendees.count() == 3


def test_wrong_input_is_told_beside_its_field_and_kept(client: Client) -> None:
    consortium = make_chartered()
    client.force_login(make_secretary(consortium))
    wrong = typed(
        organ="", form="hybrid", place_zh="", starts_at="2020-01-01T09:00", title_en="Kept"
    )
    page = client.post(reverse("meetings:meeting_new", args=[consortium]), wrong).text
    for told in ("one of the two", "lies in the past", "come together", "meet online", "Kept"):
        assert told in page
    assert not Meeting.objects.exists()


def test_a_paper_that_is_none_is_refused(client: Client) -> None:
    meeting = make_meeting()
    client.force_login(secretary_of(meeting))
    new = reverse("meetings:item_new", args=[meeting.consortium, meeting.pk])
    virus = SimpleUploadedFile("报告.pdf", b"MZ not a pdf")
    page = client.post(new, {"kind": "report", "title_zh": "写了很久", "papers": virus}).text
    assert "not that of a .pdf" in page and "写了很久" in page
    assert meeting.items.count() == 1


# --- invitations ------------------------------------------------------------------------


def parts(message: object) -> tuple[str, Calendar]:
    [(content, kind)] = message.alternatives  # type: ignore[attr-defined]
    return kind, Calendar.from_ical(content)


@pytest.mark.django_db(transaction=True)
def test_invitation_update_and_cancellation_are_one_entry_in_a_calendar() -> None:
    consortium = make_chartered(1)
    unit = consortium.memberships.get().organisation
    member = make_staff(unit)
    User.objects.filter(pk=member.pk).update(email="member@example.org", language="en")
    meeting = make_meeting(consortium)
    make_attendee(meeting, email="guest@example.org")
    by = secretary_of(meeting)
    services.call_meeting(meeting, by=by)
    work()
    meeting.starts_at += timedelta(days=1)
    meeting.ends_at += timedelta(days=1)
    services.change_meeting(meeting, by=by)
    work()
    services.cancel_meeting(meeting, by=by, why="Flood")
    work()

    to_member = [m for m in mail.outbox if m.to == ["member@example.org"]]
    kinds, calendars = zip(*map(parts, to_member), strict=True)
    assert [k.split("; ")[1] for k in kinds] == ["method=REQUEST"] * 2 + ["method=CANCEL"]
    events = [calendar.walk("VEVENT")[0] for calendar in calendars]
    assert len({event["uid"] for event in events}) == 1
    assert [event["sequence"] for event in events] == [0, 1, 2]
    assert events[2]["status"] == "CANCELLED"
    assert events[1].decoded("dtstart") == meeting.starts_at.replace(microsecond=0)
    assert "member@example.org" in str(events[0]["attendee"])
    assert to_member[0].subject.startswith("You are invited: “Assembly")
    code = meeting.attendees.get(organisation=unit).code
    assert code in to_member[0].body and code not in to_member[2].body
    assert "Flood" in to_member[2].subject
    to_guest = [m for m in mail.outbox if m.to == ["guest@example.org"]]
    assert len(to_guest) == 3 and "您" in to_guest[0].subject
    assert "/meetings/" not in to_guest[0].body  # a page they cannot open
    texts = list(Notice.objects.filter(to=member).order_by("pk").values_list("message", flat=True))
    assert len(texts) == 3


def test_a_mail_that_something_newer_has_overtaken_is_not_sent() -> None:
    meeting = make_called()
    guest = make_attendee(meeting, email="guest@example.org")
    services.send_update(meeting, by=make_user())
    tasks.send_mail(guest.pk, None, services.INVITED, {}, revision=0)
    assert not mail.outbox
    tasks.send_mail(guest.pk, None, services.INVITED, {}, revision=1)
    assert len(mail.outbox) == 1


def test_a_new_time_asks_everybody_again_and_keeps_the_notice(client: Client) -> None:
    meeting = make_called()
    first, second, _third = meeting.attendees.all()
    Attendee.objects.filter(pk=first.pk).update(reply="coming")
    Attendee.objects.filter(pk=second.pk).update(reply="proxy", proxy=first)
    client.force_login(secretary_of(meeting))
    facts = typed()
    soon = clock.now() + timedelta(days=3)
    facts |= {"starts_at": f"{soon:%Y-%m-%dT%H:%M}"}
    page = client.post(url(meeting, "edit"), facts).text
    assert "10 days of notice" in page
    first.refresh_from_db()
    assert first.reply == "coming"

    client.post(url(meeting, "edit"), facts | {"short_notice_why": "台风"})
    meeting.refresh_from_db()
    assert meeting.revision == 1 and meeting.organ == "assembly"
    assert set(meeting.attendees.values_list("reply", "proxy")) == {("none", None)}


def test_a_changed_agenda_is_sent_when_the_secretariat_says_so(client: Client) -> None:
    meeting = make_called()
    user = secretary_of(meeting)
    client.force_login(user)
    assert client.post(url(meeting, "update")).status_code == 403
    client.post(
        reverse("meetings:item_new", args=[meeting.consortium, meeting.pk]),
        {"kind": "motion", "title_zh": "新增事项"},
    )
    assert "agenda has changed" in client.get(url(meeting)).text
    member = staff_of(meeting.attendees.first())
    client.post(url(meeting, "update"))
    meeting.refresh_from_db()
    assert (meeting.revision, meeting.unsent) == (1, False)
    assert Notice.objects.filter(to=member).count() == 1


def test_reminders_go_once_to_whoever_has_not_declined() -> None:
    meeting = make_called()
    yes, no, _silent = meeting.attendees.all()
    staff = [staff_of(row) for row in (yes, no)]
    Attendee.objects.filter(pk=no.pk).update(reply="declined")
    tasks.remind(0)
    assert not Notice.objects.filter(to=staff[0]).exists()
    long_ago = clock.now() - timedelta(days=11)
    tomorrow = clock.now() + timedelta(hours=20)
    Meeting.objects.update(
        called_at=long_ago, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=1)
    )
    tasks.remind(0)
    tasks.remind(0)
    assert Notice.objects.filter(to=staff[0]).count() == 1
    assert not Notice.objects.filter(to=staff[1]).exists()


# --- in session -------------------------------------------------------------------------


def test_a_meeting_is_opened_gone_through_and_closed(client: Client) -> None:
    meeting = make_called()
    client.force_login(secretary_of(meeting))
    assert client.post(url(meeting, "open")).status_code == 403  # weeks before
    meeting = make_current(meeting.consortium)
    item = Item.objects.create(meeting=meeting, title_zh="第二项", order=2)
    client.post(url(meeting, "open"))
    meeting.refresh_from_db()
    assert meeting.state == "open" and meeting.current_item == meeting.items.first()
    client.post(item_url(item, "take"))
    client.post(item_url(item, "note"), {"note": "一致同意"})
    assert client.post(item_url(item, "remove")).status_code == 403
    assert client.post(url(meeting, "edit"), typed()).status_code == 403
    meeting.refresh_from_db()
    item.refresh_from_db()
    assert (meeting.current_item, item.note) == (item, "一致同意")
    client.post(url(meeting, "close"))
    meeting.refresh_from_db()
    assert meeting.state == "closed" and meeting.closed_at
    assert client.post(url(meeting, "cancel"), {"reason": "x"}).status_code == 403
    assert "一致同意" in client.get(url(meeting)).text


def test_nobody_else_conducts_a_meeting(client: Client) -> None:
    meeting = make_open()
    item = meeting.items.get()
    client.force_login(staff_of(meeting.attendees.first()))
    for verb in ("open", "close", "update", "cancel"):
        assert client.post(url(meeting, verb), {"reason": "x"}).status_code == 403
    for verb in ("edit", "up", "remove", "take", "note"):
        assert client.post(item_url(item, verb), {"note": "x"}).status_code == 403
    meeting.refresh_from_db()
    assert meeting.state == "open"


def test_votes_present_count_proxies_whose_holder_is_here() -> None:
    meeting = make_open(make_chartered(6))
    here, by_proxy, lost_proxy, left, _absent, gone_holder = meeting.attendees.all()
    now = clock.now()
    for row in (here, left, gone_holder):
        Attendee.objects.filter(pk=row.pk).update(signed_in_at=now, channel="list")
    Attendee.objects.filter(pk__in=[left.pk, gone_holder.pk]).update(left_at=now)
    Attendee.objects.filter(pk=by_proxy.pk).update(reply="proxy", proxy=here, votes=3)
    Attendee.objects.filter(pk=lost_proxy.pk).update(reply="proxy", proxy=gone_holder)
    make_attendee(meeting, signed_in_at=now, channel="scan")  # a guest has no vote
    assert set(policy.present_attendees(meeting)) == {here, by_proxy}
    assert policy.votes_present(meeting) == (4, 8)
    quorum = policy.quorum_of(meeting)
    assert (quorum.needed, quorum.met) == (6, False)


def test_cancelling_says_why(client: Client) -> None:
    meeting = make_called()
    member = staff_of(meeting.attendees.first())
    client.force_login(secretary_of(meeting))
    assert "Please give a reason" in client.post(url(meeting, "cancel"), follow=True).text
    client.post(url(meeting, "cancel"), {"reason": "场地停电"})
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
    assert "场地停电" in Notice.objects.get(to=member).text
    assert Entry.objects.about(meeting).filter(detail__why="场地停电").exists()


def test_the_pages_are_chinese_for_chinese_readers(client: Client) -> None:
    meeting = make_called()
    client.force_login(secretary_of(meeting))
    page = client.get(url(meeting), headers={"accept-language": "zh-hans"}).text
    assert "议程" in page and "已召集" in page
