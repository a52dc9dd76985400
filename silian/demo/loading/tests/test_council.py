"""The demo's charters and councils agree with each other, with the grades and with the articles."""

import pytest
from django.test import Client
from django.urls import reverse

from silian.demo.loading import services
from silian.demo.loading.tests.articles import REAL_PEOPLE
from silian.governance.charters.models import Organ, Post
from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council import standing
from silian.governance.council.models import Term
from silian.governance.council.policy import electorate, fits, vacant_seats

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture(params=services.SLUGS)
def consortium(request: pytest.FixtureRequest) -> Consortium:
    return Consortium.objects.get(slug=request.param)


def test_every_body_has_a_charter_with_its_seats(consortium: Consortium) -> None:
    charter = charter_of(consortium)
    assert charter and charter.basis and consortium.name_zh in charter.text_zh
    assert consortium.charters.last().in_force_from == consortium.founded_on
    assert not standing.shortfall(consortium)


def test_grades_are_those_of_the_seats(consortium: Consortium) -> None:
    assert not standing.grades_to_align(consortium)


def test_one_seat_is_vacant_and_all_others_are_held(consortium: Consortium) -> None:
    assert [seat.post for seat in vacant_seats(consortium)] == [Post.COUNCILLOR]
    running = Term.objects.running().filter(seat__consortium=consortium)
    assert all(fits(term.seat, term.organisation) for term in running)
    assert not REAL_PEOPLE & set(Term.objects.values_list("person", flat=True))
    assert electorate(consortium, Organ.COUNCIL)


def test_one_body_has_amended_its_charter() -> None:
    versions = {c.slug: c.charters.count() for c in Consortium.objects.all()}
    assert versions.pop("mingshui") == 2
    assert set(versions.values()) == {1}


def test_chongqing_elected_the_posts_that_its_article_names() -> None:
    first = Term.objects.filter(
        seat__consortium__slug="chongqing-bio", basis="第一届理事会第一次会议选举"
    )
    assert set(first.values_list("seat__post", flat=True)) == {
        Post.CHAIR,
        Post.EXECUTIVE_VICE_CHAIR,
        Post.VICE_CHAIR,
        Post.SECRETARY_GENERAL,
        Post.DEPUTY_SECRETARY_GENERAL,
    }


def test_the_development_area_chairs_at_mingshui() -> None:
    chair = Term.objects.running().get(seat__consortium__slug="mingshui", seat__post=Post.CHAIR)
    assert chair.organisation.name_zh == "明水经济技术开发区管理委员会"


def test_the_alliance_rotates_its_chair() -> None:
    chairs = Term.objects.filter(seat__consortium__slug="jjj-bio", seat__post=Post.CHAIR)
    assert all(standing.years_later(chair.start, 1) == chair.due for chair in chairs)
    assert chairs.running().get().organisation.name_zh == "天津科技大学"


def test_somebody_was_co_opted_and_somebody_replaced(consortium: Consortium) -> None:
    past = Term.objects.filter(seat__consortium=consortium).past()
    if consortium.slug != "shengong-yigu":  # a board of few
        assert {"resigned", "replaced"} <= set(past.values_list("left", flat=True))


@pytest.mark.parametrize("name", ["charters:charter_list", "council:seat_index"])
def test_its_pages_open(client: Client, consortium: Consortium, name: str) -> None:
    assert client.get(reverse(name, args=[consortium]), headers=CHINESE).status_code == 200
