"""The demo's practical exams are judged: with all that can happen, and something left to do."""

import pytest
from django.test import Client

from silian.demo.examining.practicals import FACTS
from silian.education.judging.models import Interruption, Performance, Photo, Sheet
from silian.education.judging.services import still_holds
from silian.education.practicals.models import Practical
from silian.education.scoresheets.models import Arbitration
from silian.education.scoresheets.scores import practical_scores
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", FACTS)
def test_the_past_exam_has_results_of_every_sort(slug: str) -> None:
    past = Practical.objects.get(consortium__slug=slug, state="closed")
    scores = practical_scores(past).values()
    assert len(scores) == 12 and all(one.points is not None for one in scores)
    assert sum(one.absent for one in scores) == 1 and sum(one.failed for one in scores) >= 1
    assert sum((one.points or 0) >= 60 and not one.failed for one in scores) >= 6
    assert Arbitration.objects.filter(turn__station__practical=past, state="decided").exists()
    stops = Interruption.objects.filter(performance__turn__station__practical=past)
    assert stops.get().given_back
    sheets = Sheet.objects.filter(turn__station__practical=past).prefetch_related("marks")
    assert sheets.count() > 70 and all(still_holds(one) for one in sheets)


@pytest.mark.parametrize("slug", FACTS)
def test_examiners_and_offices_find_what_goes_on(client: Client, slug: str) -> None:
    expert = User.objects.get(username=f"expert.{slug}")
    assert any("/judge/" in todo.url for todo in todos_of(expert))
    client.force_login(expert)
    assert "judge/" in client.get("/judge/").text
    client.force_login(User.objects.get(username=f"secretary.{slug}"))
    for state in ("closed", "announced"):
        practical = Practical.objects.filter(consortium__slug=slug, state=state).earliest(
            "begins_at"
        )
        for page in ("", "results/", "marks/"):
            address = f"/{slug}/practicals/{practical.pk}/scores/{page}"
            assert client.get(address).status_code == 200
    turn = Performance.objects.filter(turn__station__practical__consortium__slug=slug)[0].turn_id
    assert client.get(f"/{slug}/scores/turns/{turn}/").status_code == 200
    photo = Photo.objects.filter(turn__station__practical__consortium__slug=slug)
    assert all(one.file.sealed for one in photo)
