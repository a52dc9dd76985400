"""Minutes: drafted from what happened, circulated, objected to, approved and sealed."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, Item
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.minutes import drafting, services
from silian.governance.minutes.models import Approver, Minutes, Objection, Version
from silian.governance.minutes.tests.factories import (
    close,
    make_circulated,
    make_closed_meeting,
    make_draft,
)
from silian.governance.motions import services as motions
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import (
    make_motion,
    make_rule,
    make_session,
    voter_of,
)
from silian.governance.resolutions.tests.factories import make_carried, make_resolution
from silian.governance.votes.services import close_vote, put_to_vote
from silian.governance.votes.tests.factories import give
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.search import services as search
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    found = make_consortium()
    make_rule(found, base="valid")
    return found


@pytest.fixture
def secretary(consortium: Consortium) -> User:
    return make_secretary(consortium)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(minutes: Minutes, name: str = "minutes_detail") -> str:
    return reverse(f"minutes:{name}", args=[minutes.consortium, minutes.pk])


def of_meeting(minutes_or_meeting: object) -> str:
    meeting = minutes_or_meeting
    return reverse("minutes:of_meeting", args=[meeting.consortium, meeting.pk])


def chair_of(minutes: Minutes) -> User:
    return minutes.approvers.get().user


def later(settings: LazySettings, days: int) -> None:
    settings.CLOCK = (clock.now() + timedelta(days=days)).isoformat()


def test_the_draft_tells_what_happened(consortium: Consortium, secretary: User) -> None:
    meeting = make_session(consortium, units=4, present=3, chaired_by="周理事长", place_zh="会堂")
    first, second, third, away = meeting.attendees.order_by("pk")
    Attendee.objects.filter(pk=away.pk).update(proxy=first, reply="proxy")
    Attendee.objects.create(meeting=meeting, name="专家", signed_in_at=clock.now(), channel="list")
    item = meeting.items.get()
    Item.objects.filter(pk=item.pk).update(note="秘书处作了说明。")
    motion = make_motion(item, by=secretary, mover=second.organisation, text_zh="同意年度计划。")
    amendment = motions.amend(
        motion, Motion(title_zh="改为两年", text_zh="同意两年计划。"), by=secretary
    )
    for voted in (amendment, motion):
        put_to_vote(voted, by=secretary)
        give(voted, first, "for", by=secretary)
        give(voted, third, "against", by=secretary)
        give(voted, second, "for", by=secretary)
        close_vote(voted, by=secretary)
        motion.refresh_from_db()
    resolution = make_resolution(consortium, meeting=meeting, person="林工", by=secretary)

    text = drafting.draft(close(meeting), "zh")

    assert "周理事长" in text
    assert "会堂" in text
    assert f"{away.organisation.name_zh}（{first.organisation.name_zh}）" in text
    assert "秘书处作了说明。" in text
    assert "> 同意两年计划。" in text
    assert text.index("改为两年") < text.index(motion.title_zh)  # as they were voted on
    assert f"{first.organisation.name_zh}、{second.organisation.name_zh}" in text
    assert resolution.number in text
    assert "林工" in text
    english = drafting.draft(meeting, "en")
    assert "4 of 4 units present, quorum 3 (2/3 of 4): met" in english
    assert "2 in favour of 3 valid, needed 2" in english
    assert "1 guest was present." in english
    assert f"Moved by {second.organisation.name_en}." in english


def test_apps_above_add_their_part(consortium: Consortium) -> None:
    def elections(item: Item) -> str:
        return f"Elected under {item.title_zh}."

    drafting.section(elections)
    try:
        meeting = make_closed_meeting(consortium)
        assert "Elected under 审议年度计划." in drafting.draft(meeting, "en")
    finally:
        drafting.sections.remove(elections)


def test_one_press_drafts_them_and_no_second_one(consortium: Consortium, secretary: User) -> None:
    meeting = make_closed_meeting(consortium)
    [todo] = other_todos(secretary)
    assert todo.url == of_meeting(meeting)
    client = signed_in(secretary)
    assert "Draft the minutes" in client.get(todo.url).text
    answer = client.post(todo.url, {"language": "zh"})
    minutes = Minutes.objects.get()
    assert answer.url == url(minutes)
    assert client.get(of_meeting(meeting)).url == url(minutes)
    with pytest.raises(IllegalMove):
        services.draft_minutes(meeting, by=secretary)


def test_a_draft_is_the_secretariats(consortium: Consortium) -> None:
    minutes = make_draft(consortium)
    attendee = signed_in(voter_of(minutes.meeting.attendees.first().organisation))
    assert attendee.get(url(minutes)).status_code == 404
    assert "no minutes that you can read" in attendee.get(of_meeting(minutes.meeting)).text
    assert attendee.post(of_meeting(minutes.meeting)).status_code == 403
    stranger = signed_in(make_staff(make_membership(make_consortium()).organisation))
    assert stranger.get(of_meeting(minutes.meeting)).status_code == 404
    assert Client().get(url(minutes)).status_code == 302


def test_a_changed_text_is_a_new_version_that_can_be_compared(
    consortium: Consortium, secretary: User
) -> None:
    minutes = make_draft(consortium, by=secretary, language="en")
    client = signed_in(secretary)
    old = minutes.versions.get().text
    page = client.get(url(minutes, "minutes_edit")).text
    assert 'value="1"' in page
    new = old.replace("Attendance", "Who was there")
    client.post(url(minutes, "minutes_edit"), {"text": new, "since": 1, "note": "标题"})
    assert minutes.versions.count() == 2
    args = [consortium, minutes.pk, 2]
    compared = client.get(reverse("minutes:version", args=args)).text
    assert "<ins>" in compared
    assert "标题" in client.get(url(minutes)).text

    late = client.post(url(minutes, "minutes_edit"), {"text": "Mine", "since": 1})
    assert "Somebody else has saved version 2" in late.text
    assert "Mine" in late.text
    assert minutes.versions.count() == 2
    assert "Attendance" in client.get(url(minutes, "minutes_edit"), {"anew": 1}).text


def test_circulated_minutes_are_read_by_those_invited(
    consortium: Consortium, secretary: User
) -> None:
    minutes = make_draft(consortium, by=secretary)
    client = signed_in(secretary)
    past = {"objections_until": f"{clock.today() - timedelta(days=1)}"}
    page = client.post(url(minutes, "circulate"), past).text
    assert "This day has passed." in page
    assert "This field is required." in page
    absent = minutes.meeting.attendees.order_by("pk")[3].organisation
    chair = voter_of(minutes.meeting.attendees.order_by("pk")[0].organisation)
    sent = {"objections_until": f"{clock.today()}", "approvers": [voter_of(absent).pk]}
    assert "Select a valid choice" in client.post(url(minutes, "circulate"), sent).text
    client.post(url(minutes, "circulate"), sent | {"approvers": [chair.pk]})

    minutes.refresh_from_db()
    assert minutes.state == "circulated"
    for unit in minutes.meeting.attendees.all():
        user = voter_of(unit.organisation)
        assert Notice.objects.filter(to=user, url=url(minutes)).exists()
        assert signed_in(user).get(url(minutes)).status_code == 200
    other_member = make_staff(make_membership(consortium).organisation)
    assert signed_in(other_member).get(url(minutes)).status_code == 404
    [todo] = other_todos(chair)
    assert todo.url == url(minutes)


def test_objections_are_answered_before_anybody_approves(
    consortium: Consortium, secretary: User, settings: LazySettings
) -> None:
    minutes = make_circulated(consortium, by=secretary)
    chair = signed_in(chair_of(minutes))
    attendee = voter_of(minutes.meeting.attendees.order_by("pk")[1].organisation)
    client = signed_in(attendee)
    client.post(url(minutes, "object"), {"text": "漏记我单位发言。"})
    objection = Objection.objects.get()
    assert objection.organisation == minutes.meeting.attendees.order_by("pk")[1].organisation
    assert "漏记我单位发言。" in chair.get(url(minutes)).text
    assert chair.post(url(minutes, "approve")).status_code == 403
    [todo] = [t for t in other_todos(secretary) if t.url == url(minutes)]
    assert todo.label.startswith("Answer an objection")

    args = [consortium, minutes.pk, objection.pk]
    assert client.post(reverse("minutes:answer", args=args), {"text": "x"}).status_code == 403
    signed_in(secretary).post(reverse("minutes:answer", args=args), {"text": "已补记。"})
    assert Notice.objects.filter(to=attendee, message__contains="was answered").exists()
    with pytest.raises(IllegalMove):
        services.answer(objection, "again", by=secretary)
    chair.post(url(minutes, "approve"))
    minutes.refresh_from_db()
    assert minutes.state == "approved"
    later(settings, 8)
    late = signed_in(attendee).post(url(minutes, "object"), {"text": "再议"})
    assert (late.status_code, "time for objections is over" in late.text) == (403, True)


def test_a_change_asks_those_again_who_have_approved(
    consortium: Consortium, secretary: User
) -> None:
    minutes = make_circulated(consortium, by=secretary)
    other = voter_of(minutes.meeting.attendees.order_by("pk")[1].organisation)
    Approver.objects.create(minutes=minutes, user=other)
    services.approve(minutes, by=other)
    client = signed_in(secretary)
    client.post(url(minutes, "minutes_edit"), {"text": "新的记录", "since": 1})
    assert not Approver.objects.filter(version__isnull=False).exists()
    assert Notice.objects.filter(to=other, message__contains="have changed").exists()
    services.approve(minutes, by=other)
    with pytest.raises(IllegalMove):
        services.approve(minutes, by=other)
    minutes.refresh_from_db()
    assert minutes.state == "circulated"


def test_a_meeting_can_approve_them_by_a_motion(consortium: Consortium, secretary: User) -> None:
    minutes = make_circulated(consortium, by=secretary, approvers=[])
    motion = make_carried(consortium, by=secretary, title_zh="通过上次会议纪要")
    client = signed_in(secretary)
    assert motion.title_en in client.get(url(minutes, "approve_by_motion")).text
    client.post(url(minutes, "approve_by_motion"), {"motion": motion.pk})
    minutes.refresh_from_db()
    assert (minutes.state, minutes.approving_motion) == ("approved", motion)
    assert client.post(url(minutes, "seal")).status_code == 302  # no need to wait
    minutes.refresh_from_db()
    assert minutes.state == "sealed"


def test_sealing_makes_one_file_whose_hash_is_kept(
    consortium: Consortium, secretary: User, settings: LazySettings
) -> None:
    minutes = make_circulated(consortium, by=secretary)
    services.approve(minutes, by=chair_of(minutes))
    early = signed_in(secretary).post(url(minutes, "seal"))
    assert (early.status_code, "Objections may still come" in early.text) == (403, True)
    later(settings, 8)
    client = signed_in(secretary)
    client.post(url(minutes, "seal"))

    minutes.refresh_from_db()
    content = b"".join(client.get(url(minutes, "pdf")).streaming_content)
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == minutes.pdf.sha256
    assert minutes.pdf.sha256 in client.get(url(minutes)).text
    member = signed_in(make_staff(make_membership(consortium).organisation))
    assert member.get(url(minutes, "pdf")).status_code == 200
    copy = SimpleUploadedFile("copy.pdf", content)
    assert "This is the sealed file." in member.post(url(minutes, "check"), {"file": copy}).text
    forged = SimpleUploadedFile("copy.pdf", content + b" ")
    assert "it was changed" in member.post(url(minutes, "check"), {"file": forged}).text
    stranger = signed_in(make_staff(make_membership(make_consortium()).organisation))
    for name in ("minutes_detail", "pdf", "check"):
        assert stranger.get(url(minutes, name)).status_code == 404


def test_nothing_of_sealed_minutes_changes(
    consortium: Consortium, secretary: User, settings: LazySettings
) -> None:
    minutes = make_circulated(consortium, by=secretary)
    services.object_to(minutes, "x", by=chair_of(minutes))
    services.answer(Objection.objects.get(), "y", by=secretary)
    services.approve(minutes, by=chair_of(minutes))
    later(settings, 8)
    services.seal(minutes, by=secretary)
    changes = [
        lambda: Minutes.objects.update(objections_until=None),
        lambda: Version.objects.update(text="x"),
        lambda: Version.objects.create(minutes=minutes, number=9, text="x"),
        lambda: Approver.objects.all().delete(),
        lambda: Objection.objects.update(answer="z"),
        lambda: Objection.objects.create(version=minutes.versions.get(), text="late", by=secretary),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="sealed minutes stand"), transaction.atomic():
            change()
    client = signed_in(secretary)
    for name in ("minutes_edit", "circulate", "reopen", "seal"):
        assert client.post(url(minutes, name), {"reason": "x"}).status_code == 403, name
    with pytest.raises(IllegalMove):
        services.write(minutes, "x", by=secretary, since=1)


def test_approved_minutes_are_taken_back_with_a_reason(
    consortium: Consortium, secretary: User
) -> None:
    minutes = make_circulated(consortium, by=secretary)
    services.approve(minutes, by=chair_of(minutes))
    client = signed_in(secretary)
    assert client.post(url(minutes, "minutes_edit")).status_code == 403
    client.post(url(minutes, "reopen"), {"reason": " "})
    minutes.refresh_from_db()
    assert minutes.state == "approved"
    client.post(url(minutes, "reopen"), {"reason": "数字有误"})
    minutes.refresh_from_db()
    assert (minutes.state, minutes.approved_on) == ("draft", None)
    assert "数字有误" in client.get(url(minutes)).text


@pytest.mark.parametrize(
    "name", ["minutes_edit", "circulate", "reopen", "approve_by_motion", "seal"]
)
def test_only_the_secretariat_leads(consortium: Consortium, name: str) -> None:
    minutes = make_circulated(consortium)
    attendee = signed_in(voter_of(minutes.meeting.attendees.first().organisation))
    answer = attendee.post(url(minutes, name), {"reason": "x"})
    assert (answer.status_code, "Only the secretariat" in answer.text) == (403, True)


def test_a_file_that_cannot_be_set_leaves_them_approved(
    consortium: Consortium, secretary: User, settings: LazySettings
) -> None:
    minutes = make_circulated(consortium, by=secretary)
    services.write(minutes, "长" * 1_000_001, by=secretary, since=1)
    services.approve(minutes, by=chair_of(minutes))
    later(settings, 8)
    page = signed_in(secretary).post(url(minutes, "seal"), follow=True)
    assert "too large" in page.text
    minutes.refresh_from_db()
    assert (minutes.state, minutes.pdf) == ("approved", None)


def test_the_register_grows_without_queries(consortium: Consortium, secretary: User) -> None:
    index = reverse("minutes:minutes_index", args=[consortium])
    client = signed_in(secretary)
    first = make_draft(consortium, by=secretary)
    assert first.meeting.title_en in client.get(index, {"state": "draft"}).text
    assert "Nothing matches" in client.get(index, {"state": "sealed"}).text

    def grow(rows: int) -> int:
        for _ in range(rows):
            make_draft(consortium, by=secretary)
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        return len(queries)

    client.get(index)
    assert grow(1) == grow(29)


@pytest.mark.django_db(transaction=True)
def test_circulated_minutes_are_found_by_those_invited() -> None:
    consortium = make_consortium()
    minutes = make_circulated(consortium)
    Version.objects.create(minutes=minutes, number=2, text="讨论石墨烯中试基地")
    minutes.save()
    attendee = voter_of(minutes.meeting.attendees.first().organisation)
    assert url(minutes) in [hit.url for hit in search.find(attendee, "石墨烯")]
    assert not search.find(make_user(), "石墨烯")
