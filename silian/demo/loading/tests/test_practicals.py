"""The demo's practical exams: whole, judged by people who may, with something to do for each."""

import pytest
from django.test import Client

from silian.demo.examining.practicals import CARDS, FACTS, STAGES
from silian.education.examiners.models import Card, Examiner
from silian.education.practicals import readiness, teams
from silian.education.practicals.models import Practical, Station
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def test_four_bodies_examine_at_every_stage_and_what_is_announced_lacks_nothing() -> None:
    rows = Practical.objects.filter(consortium__slug__in=FACTS)
    assert len(FACTS) == 4 and rows.count() == len(FACTS) * len(STAGES)
    states = set(rows.values_list("state", flat=True))
    assert states == {"draft", "announced", "closed"}
    for practical in rows.exclude(state="draft"):
        assert readiness.missing(practical) == []
    for draft in rows.filter(state="draft"):
        assert not [line for line in readiness.missing(draft) if "add up" in line]


def test_somebody_is_left_out_for_a_candidate_and_cards_run_out() -> None:
    for slug in FACTS:
        assert Examiner.objects.filter(consortium__slug=slug).count() == len(CARDS)
        cards = Card.objects.filter(examiner__consortium__slug=slug)
        assert cards.filter(valid_until__lt=clock.today()).count() == 1
        assert (
            cards.ending(clock.today(), clock.today().replace(year=2999)).count() == len(CARDS) - 1
        )
        second = Station.objects.filter(practical__consortium__slug=slug, order=2)
        first = second.exclude(panel=None)[0]
        [barred] = teams.barred(first.practical, first).values()
        assert list(barred) == [first.panel.all()[1].examiner_id]


@pytest.mark.parametrize("slug", FACTS)
def test_offices_examiners_and_candidates_find_theirs(client: Client, slug: str) -> None:
    secretary = User.objects.get(username=f"secretary.{slug}")
    labels = [todo.label for todo in todos_of(secretary)]
    assert any("60 days" in label or "60天" in label for label in labels)
    client.force_login(secretary)
    for page in ("examiners", "practicals"):
        assert client.get(f"/{slug}/{page}/").status_code == 200
    expert = User.objects.get(username=f"expert.{slug}")
    assert any("practical-station" in event.key for event in events_of(expert))
    client.force_login(expert)
    today = Practical.objects.get(
        consortium__slug=slug, state="announced", title_zh__contains="模拟"
    )
    said = client.get(today.get_absolute_url()).text
    assert today.stations.get(order=1).name in said
    assert today.stations.get(order=2).name not in said
    student = today.entrants.exclude(person__user=None)[0].person.user
    assert student is not None
    client.force_login(student)
    assert today.title in client.get("/me/practicals/").text
