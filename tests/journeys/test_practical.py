"""A practical exam: tablets without a network, three examiners who differ, a chief who decides."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from silian.education.judging.models import Performance, Photo, Sheet
from silian.education.judging.tests.tablets import PASSWORD, PICTURE, Tablet
from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.tests.factories import (
    announced,
    make_criterion,
    make_entrant,
    make_panel,
    make_practical,
    make_station,
    make_turn,
)
from silian.education.scoresheets.scores import practical_scores
from silian.governance.members.tests.factories import make_consortium, make_secretary
from tests.journeys.conftest import OpenPage, Visit, check, complaints, press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practical() -> Practical:
    """One station with a criterion of each kind; the measured one needs a photo."""
    made = make_practical(make_consortium("mingshui"), title_zh="数控车工四级实操考试")
    station = make_station(made, name_zh="数控车削", place="实训楼一层")
    make_criterion(station, name_zh="加工工艺", points=60)
    make_criterion(station, name_zh="防护门关闭后启动", kind="checked", points=20, critical=True)
    size = {"unit": "mm", "nominal": 36, "below": "0.025", "above": 0, "photo": True}
    make_criterion(station, name_zh="外圆直径", kind="measured", points=20, **size)
    make_panel(station)
    for n in range(2):
        make_turn(make_entrant(made), station, start=35 * n)
    for one in station.panel.all():
        one.examiner.user.set_password(PASSWORD)
        one.examiner.user.save()
    return announced(made)


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_contain_text("已全部保存到服务器")


def test_a_practical_exam_is_judged(
    open_page: OpenPage, visit: Visit, width: int, practical: Practical, tmp_path: Path
) -> None:
    station = practical.stations.get()
    chief, second, third = station.panel.order_by("-chief", "pk")
    turn = Turn.objects.filter(station=station).earliest("during")

    page = open_page(user=chief.examiner.user, width=width)
    visit(page, "/judge/")
    page.get_by_role("link", name=re.compile("数控车削")).click()
    saved(page)
    check(page)
    page.get_by_role("link", name=re.compile(r"抽签号 1\b")).click()
    page.get_by_role("button", name="开始本轮").click()
    expect(page.get_by_role("timer")).to_be_visible()
    page.get_by_role("button", name="满分：加工工艺").or_(
        page.get_by_role("button", name="满分: 加工工艺")
    ).click()
    page.get_by_role("button", name=re.compile("减 0.5 分")).click()
    saved(page)
    check(page)
    the_network_breaks_in_the_middle(page, turn, tmp_path)
    the_chief_signs(page, turn)

    others_judge(turn, (second, "40"), (third, "55"))
    the_chief_decides(open_page, visit, page, turn, width)
    the_office_closes(open_page, visit, practical, width)


def the_network_breaks_in_the_middle(page: Page, turn: Turn, folder: Path) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name="中断", exact=True).click()
    page.locator("#judge-note").fill("主轴报警")
    page.get_by_role("dialog").get_by_role("button", name="中断", exact=True).click()
    expect(page.locator("[data-part=stops]")).to_contain_text("设备故障：主轴报警")
    page.get_by_role("button", name="继续", exact=True).click()
    page.get_by_role("button", name="做到", exact=True).click()
    page.get_by_label(re.compile("实测值")).fill("36.01")
    expect(page.locator("#judge")).to_contain_text("超差")
    picture = folder / "photo.png"
    picture.write_bytes(PICTURE)
    page.get_by_label(re.compile("拍照")).set_input_files(picture)
    expect(page.locator("#judge")).to_contain_text("仅存本设备 1 张")
    expect(page.locator("[data-part=saved]")).to_contain_text("仅存于本设备")
    assert not Photo.objects.exists() and Performance.objects.get().state == "working"
    page.reload()  # without a network: the page comes from the device, and so does all on it
    expect(page.get_by_label(re.compile("实测值"))).to_have_value("36.01")
    expect(page.locator("[data-part=saved]")).to_contain_text("1 张照片")
    page.context.set_offline(False)
    saved(page)
    complaints[page].clear()  # the browser's own lines about a network that is not there
    expect(page.locator("#judge")).to_contain_text("服务器已确认")
    expect(page.locator("#judge")).to_contain_text("服务器上 1 张")
    assert Photo.objects.get().turn == turn
    stop = Performance.objects.get().interruptions.get()
    assert stop.note == "主轴报警" and stop.ended_at is not None
    check(page)


def the_chief_signs(page: Page, turn: Turn) -> None:
    expect(page.get_by_role("button", name="签署评分表")).to_be_disabled()
    page.get_by_role("button", name="结束本轮").click()
    page.locator("#judge-secret").fill("不是密码")
    page.get_by_role("button", name="签署评分表").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not Sheet.objects.exists()
    page.locator("#judge-secret").fill(PASSWORD)
    page.get_by_role("button", name="签署评分表").click()
    expect(page.locator("[data-part=signed]")).to_contain_text("已于")
    sheets = page.get_by_role("link", name="本轮全部评分表")
    expect(sheets).to_have_attribute("href", f"/mingshui/scores/turns/{turn.pk}/")
    complaints[page].clear()  # that a password was refused stands in the console
    check(page)
    assert Sheet.objects.get(turn=turn).total == 59.5 + 20


def others_judge(turn: Turn, *sheets: tuple[object, str]) -> None:
    """On tablets of their own."""
    judged, safe, size = (f"{key}" for key in turn.station.criteria.values_list("pk", flat=True))
    for panellist, points in sheets:
        tablet = Tablet(panellist)  # type: ignore[arg-type]
        tablet.open()
        seen = {judged: points, safe: True, size: "36.01"}
        for item, response in seen.items():
            tablet.write(turn, item, response)
        tablet.send()
        tablet.photo(turn, int(size))
        assert tablet.sign(turn, seen).status_code == 200


def the_chief_decides(
    open_page: OpenPage, visit: Visit, page: Page, turn: Turn, width: int
) -> None:
    address = f"/mingshui/scores/turns/{turn.pk}/"
    visit(page, address)
    expect(page.locator("main")).to_contain_text("各评分表相差 19.50 分，允许 10.00 分")
    page.get_by_role("link", name="作出决定").click()
    check(page)
    page.get_by_label(re.compile("加工工艺")).fill("52.5")
    page.get_by_label(re.compile("裁定理由")).fill("听取三位考评员意见，按评分细则裁定。")
    page.get_by_role("button", name="作出决定").click()
    expect(page.locator("main")).to_contain_text("听取三位考评员意见")
    expect(page.locator("main")).to_contain_text("72.50")
    check(page)


def the_office_closes(open_page: OpenPage, visit: Visit, practical: Practical, width: int) -> None:
    rest = Turn.objects.filter(station__practical=practical).latest("during")
    chief = Tablet(rest.station.panel.get(chief=True))
    chief.open()
    chief.write(rest, "turn", {"do": "absent"})
    chief.send()
    office = open_page(user=make_secretary(practical.consortium), width=width)
    visit(office, f"/mingshui/practicals/{practical.pk}/scores/")
    expect(office.locator("#judging")).to_contain_text("已仲裁")
    press(office, "结束考试")
    expect(office.locator("main")).to_contain_text("72.50")
    check(office)
    scores = practical_scores(practical)
    assert sorted(f"{one.points}" for one in scores.values()) == ["0.00", "72.50"]
