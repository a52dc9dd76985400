"""A round with reserves: why, a place given back, one given by hand, and the next round."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from silian.governance.members.tests.factories import make_secretary
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.talent.criteria.tests.factories import make_reserve
from silian.talent.offers import services as offers
from silian.talent.placement import services as running
from silian.talent.placement.tests.factories import run_round
from silian.talent.profiles.tests.factories import make_school
from silian.talent.rounds import services as rounds
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.models import WishList
from silian.talent.wishes.tests.factories import make_wishes
from tests.journeys.conftest import OpenPage, Visit, check

pytestmark = pytest.mark.django_db(transaction=True)


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()
    page.wait_for_load_state()


def published() -> tuple[Round, User, list[WishList]]:
    """Two places, one kept for a school: its weaker student comes before a stronger outsider."""
    found = make_round(
        title_zh="订单班选拔",
        rule=Round.Rule.POINTS,
        replace_until=clock.now() + timedelta(days=60),
    )
    seat, other = make_seat(found, 2), make_seat(found, 3)
    ours, theirs = make_school(), make_school()
    make_reserve(seat, kind="school", school=ours)
    secretary = make_secretary(found.consortium)
    rounds.open_wishes(found, by=secretary)
    lists = [
        make_wishes(found, seat, school=school, points=points)
        for school, points in ((ours, 60), (theirs, 90), (theirs, 80), (theirs, 70))
    ]
    make_wishes(found, other, school=theirs, points=50)
    close_wishes(found, by=None)
    run_round(found)
    running.publish_round(found, by=secretary)
    found.refresh_from_db()
    return found, secretary, lists


def test_what_follows_a_result(open_page: OpenPage, visit: Visit, width: int) -> None:
    found, secretary, lists = published()
    home = f"/{found.consortium.slug}/placement/{found.pk}/"
    _member, winner, next_in_line, last = (it.student for it in lists)

    page = open_page(user=next_in_line.user, width=width)
    visit(page, f"{home}rules/")
    expect(page.locator("main")).to_contain_text("优先给予")
    visit(page, f"{home}result/mine/")
    expect(page.locator("main")).to_contain_text("优先给予")
    expect(page.locator("main")).to_contain_text("他人优先")

    leaving = open_page(user=winner.user, width=width)
    visit(leaving, f"{home}result/mine/")
    press(leaving, "放弃")
    leaving.locator("[name=reason]:visible").fill("已确定升学")
    leaving.locator(
        "dialog[open] button[type=submit], .modal.show button[type=submit]"
    ).first.click()
    expect(leaving.locator("main")).to_contain_text("您目前没有本轮次的名额")

    visit(page, f"{home}result/mine/")
    expect(page.locator("main")).to_contain_text("由您递补")
    press(page, "接受")
    expect(page.locator("main")).to_contain_text("学生已接受")
    check(page)

    for place in found.placements.filter(state__in=["offered", "accepted"]):
        if place.state == "offered":
            offers.accept_offer(place, by=place.student.user)
        offers.confirm_placement(place, by=secretary)

    desk = open_page(user=secretary, width=width)
    visit(desk, f"{home}placements/by-hand/")
    desk.locator("#id_student").select_option(str(last.pk))
    desk.locator("#id_seat").select_option(str(found.seats.last().pk))
    desk.locator("#id_reason").fill("经秘书处讨论给予剩余名额")
    press(desk, "保存")
    visit(desk, f"{home}result/")
    expect(desk.locator("main")).to_contain_text("经秘书处讨论给予剩余名额")
    expect(desk.locator("main")).to_contain_text("按学校类型")
    given = found.placements.get(student=last)
    offers.accept_offer(given, by=last.user)
    offers.confirm_placement(given, by=secretary)

    visit(desk, f"{home}placements/")
    press(desk, "建立下一轮次")
    desk.locator("dialog[open] button[type=submit]").click()
    desk.wait_for_url(re.compile(r"/placement/\d+/$"))
    expect(desk.locator("main")).to_contain_text("第二轮")
    check(desk)
