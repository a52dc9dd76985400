"""Moving, amending and withdrawing: who may, what is kept, what the pages show."""

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.meetings.models import Item, Meeting
from silian.governance.members.tests.factories import make_consortium, make_secretary, make_staff
from silian.governance.motions import amending, services
from silian.governance.motions.models import Motion, Wording
from silian.governance.motions.tests.factories import (
    make_letter,
    make_motion,
    make_rule,
    make_session,
    voter_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.search import services as search
from silian.kernel.states import IllegalMove, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return make_session(make_consortium())


@pytest.fixture
def item(meeting: Meeting) -> Item:
    return meeting.items.get()


@pytest.fixture
def secretary(meeting: Meeting) -> User:
    return make_secretary(meeting.consortium)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(motion: Motion, verb: str = "detail") -> str:
    return reverse(f"motions:motion_{verb}", args=[motion.consortium, motion.pk])


def amendment_to(motion: Motion, text: str, *, by: User, **fields: object) -> Motion:
    facts = {"title_zh": "修正案", "title_en": "Amendment", "text_zh": text}
    facts |= {"text_en": motion.text_en}
    return services.amend(motion, Motion(**(facts | fields)), by=by)


def carried(amendment: Motion) -> Motion:
    """As the close of a vote does it."""
    Motion.objects.filter(pk=amendment.pk).update(way="hands", opened_at=amendment.proposed_at)
    amendment.refresh_from_db()
    move(amendment, "voting", by=None)
    numbers = dict.fromkeys("eligible present in_favour against abstaining".split(), 0)
    facts = numbers | {"decided_at": amendment.proposed_at, "decision": {}}
    move(amendment, "carried", by=None, **facts)
    return amendment


def test_the_secretariat_moves_something_under_an_item(item: Item, secretary: User) -> None:
    address = reverse("motions:motion_new", args=[item.meeting.consortium, item.pk])
    client = signed_in(secretary)
    assert item.title_zh in client.get(address).text
    data = {"title_zh": "通过计划", "text_zh": "同意。", "matter": "ordinary"}
    answer = client.post(address, data)

    motion = Motion.objects.get()
    assert answer.url == url(motion)
    assert (motion.organ, motion.state, motion.item) == ("assembly", "proposed", item)
    assert [wording.text_zh for wording in motion.wordings.all()] == ["同意。"]


def test_a_unit_with_a_vote_moves_in_its_own_name_alone(item: Item) -> None:
    mine, other, _third = (row.organisation for row in item.meeting.attendees.all())
    client = signed_in(voter_of(mine))
    address = reverse("motions:motion_new", args=[item.meeting.consortium, item.pk])
    data = {"title_zh": "增设奖学金", "text_zh": "同意增设。", "matter": "ordinary"}

    page = client.post(address, data | {"mover": other.pk})
    assert "同意增设。" in page.text  # what was typed is still there
    assert "Select a valid choice" in page.text
    assert "This field is required" in client.post(address, data).text
    client.post(address, data | {"mover": mine.pk})

    assert Motion.objects.get().mover == mine
    told = Notice.objects.filter(to=make_secretary(item.meeting.consortium))
    assert not told.exists()  # a secretary of later days


def test_the_secretariat_is_told_of_what_a_unit_moves(item: Item, secretary: User) -> None:
    mine = item.meeting.attendees.first().organisation
    motion = make_motion(item, by=voter_of(mine), mover=mine)
    assert Notice.objects.get(to=secretary).url == url(motion)


def test_strangers_see_nothing_and_members_without_a_vote_move_nothing(item: Item) -> None:
    motion = make_motion(item)
    consortium = item.meeting.consortium
    stranger = signed_in(make_staff(make_session(make_consortium()).attendees.first().organisation))
    new = reverse("motions:motion_new", args=[consortium, item.pk])
    for page in (url(motion), new, url(motion, "edit"), url(motion, "amend")):
        assert stranger.get(page).status_code == 404
    assert motion.title_en not in stranger.get(index(consortium)).text
    assert Client().get(url(motion)).status_code == 302

    member = signed_in(make_staff(make_session(consortium).attendees.first().organisation))
    assert motion.title_en in member.get(url(motion)).text
    answer = member.get(new)
    assert (answer.status_code, "units with a vote" in answer.text) == (403, True)
    assert member.get(url(motion, "edit")).status_code == 403
    assert member.post(url(motion, "withdraw"), {"reason": "x"}).status_code == 403


def index(consortium: object) -> str:
    return reverse("motions:motion_index", args=[consortium])


def test_a_motion_of_a_meeting_in_preparation_is_the_secretariats(secretary: User) -> None:
    meeting = Meeting.objects.get()
    Meeting.objects.update(state="draft", called_at=None)
    motion = make_motion(meeting.items.get(), by=secretary)
    member = signed_in(voter_of(meeting.attendees.first().organisation))
    assert signed_in(secretary).get(url(motion)).status_code == 200
    assert member.get(url(motion)).status_code == 404


def test_a_changed_text_keeps_the_one_before(item: Item, secretary: User) -> None:
    motion = make_motion(item, by=secretary, text_zh="一", text_en="")
    data = {"title_zh": motion.title_zh, "text_zh": "二", "matter": "ordinary"}
    signed_in(secretary).post(url(motion, "edit"), data)
    assert [wording.text_zh for wording in motion.wordings.all()] == ["一", "二"]
    signed_in(secretary).post(url(motion, "edit"), data | {"title_zh": "新标题"})
    assert motion.wordings.count() == 2
    assert "Earlier texts" in signed_in(secretary).get(url(motion)).text


def test_an_amendment_changes_the_text_once_it_is_carried(item: Item, secretary: User) -> None:
    motion = make_motion(item, by=secretary)
    client = signed_in(secretary)
    same = {"title_zh": "改经费", "text_zh": motion.text_zh, "text_en": motion.text_en}
    assert "Change it first" in client.post(url(motion, "amend"), same).text
    changed = motion.text_zh.replace("五十", "六十")
    typed = same | {"text_zh": changed}
    assert "Change the English text too" in client.post(url(motion, "amend"), typed).text
    client.post(url(motion, "amend"), typed | {"text_en": ""})

    amendment = Motion.objects.get(amends=motion)
    page = client.get(url(amendment)).text
    assert "<del>五</del>" in page
    assert "<ins>六</ins>" in page
    assert "changes only by them" in client.get(url(motion, "edit")).text
    assert services.take_over(carried(amendment), by=secretary)

    motion.refresh_from_db()
    assert motion.text_zh == changed
    assert motion.text_en == ""
    old, new = motion.wordings.all()
    assert (old.text_zh, new.amendment) == ("通过年度计划。\n\n经费五十万元。", amendment)


def test_two_amendments_to_different_places_both_fit(item: Item, secretary: User) -> None:
    text = "一、通过年度计划。\n\n二、成立工作组，由五人组成。\n\n三、经费五十万元，年底前用完。"
    motion = make_motion(item, by=secretary, text_zh=text)
    first = amendment_to(motion, text.replace("五十", "六十"), by=secretary)
    second = amendment_to(motion, text.replace("五人", "七人"), by=secretary)
    for amendment in (first, second):
        assert services.take_over(carried(amendment), by=secretary)
    motion.refresh_from_db()
    assert motion.text_zh == text.replace("五十", "六十").replace("五人", "七人")


def test_an_amendment_that_clashes_is_worked_in_by_hand(item: Item, secretary: User) -> None:
    motion = make_motion(item, by=secretary)
    first = amendment_to(motion, "完全另一份文字，与原文毫无关系。", by=secretary)
    second = amendment_to(motion, motion.text_zh.replace("五十", "七十"), by=secretary)
    assert services.take_over(carried(first), by=secretary)
    assert not services.take_over(carried(second), by=secretary)

    client = signed_in(secretary)
    assert "First work the carried amendments" in client.get(url(motion)).text
    assert second.title_en in client.get(url(motion, "merge")).text
    client.post(url(motion, "merge"), {"text_zh": "另一份文字，经费七十万元。"})

    motion.refresh_from_db()
    assert motion.text_zh == "另一份文字，经费七十万元。"
    assert motion.wordings.last().amendment == second
    assert client.get(url(motion, "merge")).status_code == 403


def test_an_english_text_that_would_contradict_goes(item: Item, secretary: User) -> None:
    motion = make_motion(item, by=secretary)
    amendment = amendment_to(motion, "改。", by=secretary, text_en="")
    assert amending.merged(amendment.amends_wording, amendment, motion) == ("改。", "")


def test_nobody_amends_an_amendment_or_what_is_decided(item: Item, secretary: User) -> None:
    motion = make_motion(item, by=secretary)
    amendment = amendment_to(motion, "改。", by=secretary)
    client = signed_in(secretary)
    assert client.get(url(amendment, "amend")).status_code == 403
    services.withdraw(motion, by=secretary, why="改日再议")
    with pytest.raises(IllegalMove):
        amendment_to(motion, "再改。", by=secretary)


def test_a_motion_is_withdrawn_with_a_reason_and_its_amendments_fall(
    item: Item, secretary: User
) -> None:
    mine = item.meeting.attendees.first().organisation
    motion = make_motion(item, by=voter_of(mine), mover=mine)
    amendment = amendment_to(motion, "改。", by=secretary)
    client = signed_in(voter_of(mine))
    client.post(url(motion, "withdraw"), {"reason": " "})
    motion.refresh_from_db()
    assert motion.state == "proposed"
    client.post(url(motion, "withdraw"), {"reason": "准备不足"})
    for row in (motion, amendment):
        row.refresh_from_db()
        assert row.state == "withdrawn"
    assert Notice.objects.filter(to=secretary, params__why="准备不足").exists()
    with pytest.raises(IllegalMove):
        services.save_motion(motion, by=secretary)


def test_wordings_and_decisions_stand_in_the_database(item: Item, secretary: User) -> None:
    motion = carried(make_motion(item, by=secretary))
    with pytest.raises(IntegrityError, match="stands"):
        Motion.objects.filter(pk=motion.pk).update(in_favour=9, present=9)


def test_no_wording_is_changed(item: Item) -> None:
    make_motion(item)
    with pytest.raises(IntegrityError, match="stands"):
        Wording.objects.update(text_zh="改写")


def test_the_page_of_a_meeting_lists_its_motions_by_item(item: Item, secretary: User) -> None:
    motion = make_motion(item, by=secretary)
    amendment_to(motion, "改。", by=secretary)
    address = reverse("motions:meeting_motions", args=[item.meeting.consortium, item.meeting.pk])
    page = signed_in(secretary).get(address).text
    assert page.index(item.title_en) < page.index(motion.title_en) < page.index("Amendment")
    assert "Move something" in page
    stranger = signed_in(make_user())
    assert stranger.get(address).status_code == 404


def test_the_register_is_filtered_and_grows_without_queries(item: Item, secretary: User) -> None:
    consortium = item.meeting.consortium
    make_rule(consortium, correspondence=True)
    first = make_motion(item, by=secretary, matter="admission", title_en="First")
    letter = make_letter(consortium, by=secretary, title_en="Second")
    client = signed_in(secretary)
    for query in ({"matter": "admission"}, {"q": first.title_zh}, {"kind": "meeting"}):
        page = client.get(index(consortium), query).text
        assert ("First" in page, "Second" in page) == (True, False), query
    assert letter.title_en in client.get(index(consortium), {"kind": "letter"}).text

    def grow(rows: int) -> int:
        for _ in range(rows):
            make_motion(item, by=secretary)
        with CaptureQueriesContext(connection) as queries:
            client.get(index(consortium))
        return len(queries)

    client.get(index(consortium))
    assert grow(1) == grow(29)


@pytest.mark.django_db(transaction=True)
def test_motions_are_found_by_whoever_sees_them() -> None:
    meeting = make_session(make_consortium())
    motion = make_motion(meeting.items.get(), title_zh="关于石墨烯中试基地的议案")
    member = voter_of(meeting.attendees.first().organisation)
    assert url(motion) in [hit.url for hit in search.find(member, "石墨烯")]
    assert not search.find(make_user(), "石墨烯")


def test_an_item_under_which_something_was_moved_stays_on_the_agenda() -> None:
    meeting = make_session(make_consortium(), state="called")
    item = meeting.items.get()
    make_motion(item)
    secretary = signed_in(make_secretary(meeting.consortium))
    address = reverse("meetings:item_remove", args=[meeting.consortium, meeting.pk, item.pk])

    answer = secretary.post(address)

    assert answer.status_code == 403
    assert "There are motions, elections or a ceremony" in answer.text
    assert meeting.items.filter(pk=item.pk).exists()
