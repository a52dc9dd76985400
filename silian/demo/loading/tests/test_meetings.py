"""The demo's meetings: what the articles tell, and what waits for somebody today."""

import pytest

from silian.demo.loading import services
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import quorum_of
from silian.governance.petitions.models import Petition
from silian.governance.petitions.policy import count_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def meeting(slug: str, part: str) -> Meeting:
    return Meeting.objects.get(consortium__slug=slug, title_zh__contains=part)


def test_300_people_came_to_the_founding_of_mingshui() -> None:
    founded = meeting("mingshui", "成立大会")
    assert founded.starts_at.date().isoformat() == "2024-05-16"
    assert founded.attendees.here().count() == 300
    assert founded.attendees.voting().count() == 62
    assert quorum_of(founded).met
    assert {item.kind for item in founded.items.all()} >= {"election", "ceremony", "motion"}


def test_chongqing_elected_at_the_first_meeting_of_its_first_council() -> None:
    first = meeting("chongqing-bio", "理事会第一届第一次会议")
    assert first.state == Meeting.State.CLOSED
    assert first.items.filter(kind="election").exists()


def test_every_body_has_a_meeting_that_is_held_coming_or_prepared() -> None:
    assert set(Meeting.objects.values_list("consortium__slug", flat=True)) == set(services.SLUGS)
    states = set(Meeting.objects.values_list("state", flat=True))
    assert states == {"draft", "called", "open", "closed"}


def test_the_yearly_council_meeting_is_called_in_time_and_being_answered() -> None:
    yearly = meeting("mingshui", "年度会议")
    assert yearly.charter and yearly.starts_at > clock.now()
    assert yearly.days_of_notice_from(clock.today()) >= yearly.charter.notice_days
    replies = set(yearly.attendees.voting().values_list("reply", flat=True))
    assert replies >= {"coming", "none", "proxy"}
    assert yearly.items.filter(papers__isnull=False).count() == 2


def test_the_standing_council_is_in_session() -> None:
    standing = meeting("mingshui", "常务理事会")
    assert standing.state == "open" and standing.current_item
    assert quorum_of(standing).met


def test_codes_are_each_attendees_own() -> None:
    codes = list(Attendee.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) > 500


def test_something_waits_for_the_secretariat_and_for_the_units() -> None:
    secretary = User.objects.get(username="secretary.shengong-yigu")
    assert any("board of the industry college" in todo.label for todo in todos_of(secretary))
    petition = Petition.objects.get()
    assert 0 < count_of(petition).supporting < count_of(petition).needed
