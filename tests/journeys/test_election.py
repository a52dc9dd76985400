"""62 units elect five posts, one of them in a second round; a voter finds their ballot again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from silian.governance.ballots.models import Voter
from silian.governance.charters.models import Post
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Term
from silian.governance.elections import services
from silian.governance.elections.models import Election
from silian.governance.elections.tests.factories import (
    make_candidate,
    make_charter,
    make_members,
    make_seats,
)
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.scrutiny.policy import last_round
from silian.governance.scrutiny.tests.factories import cast
from silian.kernel import clock
from silian.kernel.accounts.models import User
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
UNITS = 62
LEADERS = ["李青禾", "王海若", "赵东篱", "钱南枝", "孙北辰"]


@dataclass
class Cast:
    """Who takes part in the story."""

    consortium: Consortium
    secretary: User
    units: list[Organisation]
    watcher: User
    stranger: User

    def person(self, number: int) -> User:
        return self.units[number].roles.all()[0].user


@pytest.fixture
def cast_of_story() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体", short_name_zh="明水")
    make_charter(consortium)
    for post, seats in ((Post.CHAIR, 1), (Post.EXECUTIVE_VICE_CHAIR, 1), (Post.VICE_CHAIR, 3)):
        make_seats(consortium, post, seats)
    secretary, units = make_secretary(consortium), make_members(consortium, UNITS)
    watcher = make_staff(units[-1])
    watcher.name = "卢正言"
    watcher.save()
    return Cast(consortium, secretary, units, watcher, make_staff(make_organisation()))


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state("networkidle")


def fill_moment(page: Page, name: str, moment: datetime) -> None:
    page.locator(f"#id_{name}").fill(f"{moment + timedelta(hours=8):%Y-%m-%dT%H:%M}")


def at(settings: LazySettings, moment: datetime) -> None:
    settings.CLOCK = moment.isoformat()


def test_a_council_is_elected_with_a_run_off(
    cast_of_story: Cast, open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    story, start = cast_of_story, clock.now().replace(second=0, microsecond=0)
    at(settings, start)
    desk = open_page(user=story.secretary, width=width)
    election = prepare(story, desk, visit, start)
    stand(story, election)
    at(settings, start + timedelta(days=8))
    desk = open_page(user=story.secretary, width=width)  # days later, one signs in again
    open_first_round(election, desk, visit)

    codes = {
        n: vote(story, open_page(user=story.person(n), width=width), visit, 5) for n in range(3)
    }
    others_vote(election, favoured=LEADERS[:4])
    turned_away(election, open_page(user=story.stranger, width=width))
    at(settings, start + timedelta(days=10))
    desk = open_page(user=story.secretary, width=width)
    count(election, desk, visit)
    watch = open_page(user=story.watcher, width=width)
    confirm(election, watch, visit)
    find_ballot(election, codes[0], open_page(width=width), visit)

    run_off(election, desk, visit)
    vote(story, open_page(user=story.person(0), width=width), visit, 1)
    others_vote(election, favoured=LEADERS)
    count(election, desk, visit)
    confirm(election, watch, visit)
    publish(election, desk, visit)
    read_result(election, open_page(width=width), visit)


def prepare(story: Cast, page: Page, visit: Visit, start: datetime) -> Election:
    visit(page, "/mingshui/elections/")
    page.get_by_role("link", name="筹备选举").first.click()
    page.locator("#id_title_zh").fill("第一届理事会选举")
    press(page, "保存")
    for box in page.locator("input[name^=seats_]").all():
        box.check()
    check(page)
    press(page, "保存")
    follow(page, "监票人")
    page.locator("#id_user-ts-control").press_sequentially(story.watcher.name)
    page.locator(".ts-dropdown .option", has_text=story.watcher.name).first.click()
    page.keyboard.press("Tab")
    press(page, "指定监票人")
    expect(page.locator("main")).to_contain_text(str(story.watcher))
    check(page)
    follow(page, "返回选举")
    follow(page, "开始提名")
    fill_moment(page, "until", start + timedelta(days=7))
    press(page, "开始提名")
    expect(page.locator("main")).to_contain_text("提名中")
    check(page)
    return Election.objects.get()


def stand(story: Cast, election: Election) -> None:
    """Each leader is nominated by their own unit and admitted; the pages of it have their tests."""
    posts = [Post.CHAIR, Post.EXECUTIVE_VICE_CHAIR, *[Post.VICE_CHAIR] * 3]
    for number, (person, post) in enumerate(zip(LEADERS, posts, strict=True)):
        race = election.races.get(post=post)
        unit = story.units[number + 10]
        candidate = make_candidate(race, unit, person=person, statement_zh="**共建**共享")
        services.admit(candidate, by=story.secretary)


def open_first_round(election: Election, page: Page, visit: Visit) -> None:
    visit(page, election.get_absolute_url())
    press(page, "公布候选人")
    expect(page.locator("main")).to_contain_text("候选人已公布")
    open_round(page)


def open_round(page: Page) -> None:
    follow(page, "开始投票")
    fill_moment(page, "opens_at", clock.now())
    fill_moment(page, "closes_at", clock.now() + timedelta(days=1))
    press(page, "开始投票")
    expect(page.locator("main")).to_contain_text("投票中")


def vote(story: Cast, page: Page, visit: Visit, candidates: int) -> str:
    """Note the code, favour everybody, hand in; answers the code."""
    visit(page, "/me/")
    page.locator("main a", has_text="请投票").first.click()
    code = page.locator("main code").first.inner_text()
    for chosen in page.get_by_text("赞成", exact=True).all():
        chosen.click()
    expect(page.locator("input[value=for]:checked")).to_have_count(candidates)
    check(page)
    press(page, "提交选票")
    expect(page.locator("main")).to_contain_text("已投入票箱")
    expect(page.locator("main")).to_contain_text(code)
    assert code not in page.url
    check(page)
    return code


def others_vote(election: Election, *, favoured: list[str]) -> None:
    found = last_round(election)
    assert found
    waiting = Voter.objects.filter(poll=found.poll, has_voted=False)
    for voter in waiting.select_related("organisation", "poll"):
        cast(found, voter, favoured)
    assert found.poll.voters.filter(has_voted=True).count() == UNITS


def turned_away(election: Election, page: Page) -> None:
    found = last_round(election)
    assert found
    answer = page.goto(f"/mingshui/ballots/{found.poll_id}/")
    assert answer and answer.status == 404
    page.goto(election.get_absolute_url())
    expect(page.locator("main")).to_contain_text("您不代表本次投票名册上的任何单位")


def count(election: Election, page: Page, visit: Visit) -> None:
    visit(page, election.get_absolute_url())
    press(page, "截止并计票")
    expect(page.locator("main")).to_contain_text("监票人尚未确认计票")
    check(page)


def confirm(election: Election, page: Page, visit: Visit) -> None:
    visit(page, f"{election.get_absolute_url()}result/")
    visit(page, election.get_absolute_url())
    press(page, "确认计票")


def find_ballot(election: Election, code: str, page: Page, visit: Visit) -> None:
    """Anybody may look; the voter alone knows which code to look for."""
    found = last_round(election)
    assert found
    visit(page, f"/mingshui/ballots/{found.poll_id}/board/")
    expect(page.locator("main")).to_contain_text("62 张选票")
    page.locator("#id_code").fill(code.lower().replace("-", " "))
    press(page, "查验")
    expect(page.locator("main")).to_contain_text("在公示榜上")
    expect(page.locator("main")).to_contain_text("孙北辰")
    assert code not in page.url
    check(page)


def run_off(election: Election, page: Page, visit: Visit) -> None:
    visit(page, election.get_absolute_url())
    expect(page.locator("main")).to_contain_text("副理事长：尚余 1 个席位")
    follow(page, "开始下一轮")
    fill_moment(page, "opens_at", clock.now())
    fill_moment(page, "closes_at", clock.now() + timedelta(days=1))
    press(page, "开始投票")


def publish(election: Election, page: Page, visit: Visit) -> None:
    visit(page, election.get_absolute_url())
    press(page, "公布结果")
    expect(page.locator("main")).to_contain_text("结果已公布")
    held = Term.objects.running().values_list("person", flat=True)
    assert set(held) == set(LEADERS)


def read_result(election: Election, page: Page, visit: Visit) -> None:
    visit(page, f"{election.get_absolute_url()}result/")
    main = page.locator("main")
    for words in [*LEADERS, "第 1 轮", "第 2 轮", "须得 32 票"]:
        expect(main).to_contain_text(words)
