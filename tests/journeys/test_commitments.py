"""After the signing: a milestone, the ledger, an amendment of three parties, an early end."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Page, expect

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.services import conclude
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.commitments.models import Commitment
from silian.governance.contributions.models import Entry, Pledge
from silian.governance.drafting.tests.factories import make_version
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.documents.services import pdf_of
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    """Who takes part in the story."""

    agreement: Agreement
    school: Page
    firm: Page
    park: Page
    secretary: Page
    stranger: Page


@pytest.fixture
def agreement() -> Agreement:
    """In force, between a school, a firm and a park, with its text."""
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    firm = make_organisation(name_zh="明水阀门有限公司")
    park = make_organisation(Organisation.Kind.PARK, name_zh="明水工业园")
    for unit in (school, firm, park):
        make_membership(consortium, unit)
    found = make_agreement(
        consortium, [school, firm, park], kind=Agreement.Kind.FRAMEWORK, title_zh="共建实训基地协议"
    )
    make_version(found, "第一条　三方共建实训基地,期限一年。")
    facts = {"signed_on": clock.today(), "expires_on": clock.today() + timedelta(days=365)}
    Agreement.objects.filter(pk=found.pk).update(state=Agreement.State.SIGNED, **facts)
    found.refresh_from_db()
    return found


@pytest.fixture
def cast(agreement: Agreement, open_page: OpenPage, width: int) -> Cast:
    units = [party.organisation for party in agreement.party_set.order_by("order")]
    users = [make_staff(unit) for unit in units]
    users += [make_secretary(agreement.consortium), make_staff(make_organisation())]
    return Cast(agreement, *(open_page(user=user, width=width) for user in users))


def test_from_signing_to_an_early_end(cast: Cast, visit: Visit, tmp_path: Path) -> None:
    reach_a_milestone(cast, visit, tmp_path)
    keep_a_pledge(cast, visit)
    take_a_delivery_back(cast, visit)
    amend(cast, visit)
    end_early(cast, visit)
    read_the_statement(cast, visit)
    learn_nothing(cast, visit)


def reach_a_milestone(cast: Cast, visit: Visit, folder: Path) -> None:
    """The secretariat enters it, the firm shows it, the school returns and then accepts it."""
    page = cast.secretary
    visit(page, cast.agreement.get_absolute_url())
    page.get_by_role("link", name="登记一项").click()
    page.locator("#id_kind").select_option("milestone")
    page.locator("#id_due").fill(f"{clock.today() + timedelta(days=20)}")
    page.locator("#id_title_zh").fill("首批设备验收")
    page.locator("#id_owner").select_option(label="明水阀门有限公司")
    page.locator("#id_checker").select_option(label="明水职业学院")
    press(page, "保存")
    expect(page.locator(".invalid-feedback")).to_contain_text("里程碑须写明验收标准")
    page.locator("#id_criteria_zh").fill("十二台设备安装调试完成。")
    check(page)
    press(page, "保存")
    milestone = Commitment.objects.get()

    proof = folder / "acceptance.pdf"
    proof.write_bytes(pdf_of("设备清单", title="验收单"))
    for answer in ("退回", "通过验收"):
        visit(cast.firm, milestone.get_absolute_url())
        cast.firm.get_by_role("link", name="报告完成").click()
        cast.firm.locator("#id_text").fill("设备全部到位。")
        cast.firm.locator("#id_evidence").set_input_files(proof)
        check(cast.firm)
        press(cast.firm, "报告完成")
        visit(cast.school, "/me/")
        expect(cast.school.locator("main")).to_contain_text("待验收的报告")
        visit(cast.school, milestone.get_absolute_url())
        if answer == "退回":
            press(cast.school, "退回", reason="缺少签字页")
            visit(cast.firm, milestone.get_absolute_url())
            expect(cast.firm.locator("main")).to_contain_text("缺少签字页")
        else:
            press(cast.school, answer)
            expect(cast.school.locator("main")).to_contain_text("已完成")
            check(cast.school)


def keep_a_pledge(cast: Cast, visit: Visit) -> None:
    """The firm pledges twelve machines and delivers seven, of which the school knows."""
    page = cast.firm
    visit(page, cast.agreement.get_absolute_url())
    page.get_by_role("link", name="承诺", exact=True).click()
    page.locator("#id_receiver").select_option(label="明水职业学院")
    page.locator("#id_measure").select_option("equipment:items")
    page.locator("#id_amount").fill("12.5")
    page.locator("#id_text_zh").fill("教学装备")
    press(page, "保存")
    expect(page.locator(".invalid-feedback")).to_contain_text("须为整数")
    page.locator("#id_amount").fill("12")
    check(page)
    press(page, "保存")
    pledge = Pledge.objects.get()
    deliver(page, visit, pledge, "7", "首批七台")
    visit(cast.school, "/me/")
    expect(cast.school.locator("main")).to_contain_text("待确认的投入")
    answer(cast.school, visit, "确认")
    visit(page, pledge.get_absolute_url())
    expect(page.locator("main")).to_contain_text("7 台（件）")


def deliver(page: Page, visit: Visit, pledge: Pledge, amount: str, text: str) -> None:
    visit(page, pledge.get_absolute_url())
    page.get_by_role("link", name="登记投入").click()
    page.locator("#id_amount").fill(amount)
    page.locator("#id_text").fill(text)
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("待确认")


def answer(page: Page, visit: Visit, verb: str, reason: str = "") -> None:
    entry = Entry.objects.latest("pk")
    visit(page, entry.get_absolute_url())
    press(page, verb, reason=reason)
    check(page)


def take_a_delivery_back(cast: Cast, visit: Visit) -> None:
    """Entered twice: the school objects, the firm reverses it; nothing of it counts."""
    pledge = Pledge.objects.get()
    deliver(cast.firm, visit, pledge, "5", "首批五台(重复)")
    twice = Entry.objects.latest("pk")
    answer(cast.school, visit, "提出异议", reason="与首批为同一批")
    visit(cast.firm, twice.get_absolute_url())
    expect(cast.firm.locator("main")).to_contain_text("与首批为同一批")
    press(cast.firm, "冲销", reason="重复录入")
    expect(cast.firm.locator("main")).to_contain_text("已冲销")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount) FROM contributions_entry WHERE NOT reverses_id IS NULL")
        assert cursor.fetchone() == (-5,)


def amend(cast: Cast, visit: Visit) -> None:
    """A draft for the same three parties; once it is signed, the original runs longer."""
    visit(cast.school, cast.agreement.get_absolute_url())
    press(cast.school, "变更协议")
    draft = Agreement.objects.get(amends=cast.agreement)
    assert draft.party_set.count() == 3
    expect(cast.school.locator("main")).to_contain_text("补充协议")
    make_version(draft, "第一条　三方共建实训基地,期限两年。")
    later = cast.agreement.expires_on + timedelta(days=365)
    Agreement.objects.filter(pk=draft.pk).update(expires_on=later)
    draft.refresh_from_db()
    conclude(draft, by=None, on=clock.today())  # how it is signed is another story
    visit(cast.park, cast.agreement.get_absolute_url())
    cast.park.get_by_role("link", name="变更内容").click()
    expect(cast.park.locator("ins", has_text="两")).to_be_visible()
    expect(cast.park.locator("main")).to_contain_text(f"{later.year}年{later.month}月{later.day}日")
    check(cast.park)


def end_early(cast: Cast, visit: Visit) -> None:
    """The firm asks, school and park agree, and what is open is listed."""
    visit(cast.firm, cast.agreement.get_absolute_url())
    cast.firm.get_by_role("link", name="提前终止", exact=True).click()
    cast.firm.locator("#id_reason").fill("产线搬迁")
    cast.firm.locator("#id_last_day").fill(f"{clock.today()}")
    check(cast.firm)
    press(cast.firm, "征求其他各方意见")
    asked = cast.firm.url
    for page, name in ((cast.school, "代表明水职业学院同意"), (cast.park, "代表明水工业园同意")):
        visit(page, asked)
        press(page, name)
        check(page)
    visit(cast.secretary, cast.agreement.get_absolute_url())
    expect(cast.secretary.locator("main")).to_contain_text("提前终止")
    cast.secretary.get_by_role("link", name="未了事项清单").click()
    expect(cast.secretary.locator("main")).to_contain_text("教学装备")  # seven of twelve
    check(cast.secretary)
    cast.agreement.refresh_from_db()
    assert (cast.agreement.state, cast.agreement.end) == ("ended", "early")


def read_the_statement(cast: Cast, visit: Visit) -> None:
    visit(cast.firm, reverse("contributions:statement_index", args=[cast.agreement.consortium]))
    totals = cast.firm.locator("section", has_text="合计").first
    expect(totals).to_contain_text("7 台（件）")
    with cast.firm.expect_download() as download:
        cast.firm.get_by_role("link", name="PDF").evaluate("link => { link.download = '' }")
        cast.firm.get_by_role("link", name="PDF").click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"


def learn_nothing(cast: Cast, visit: Visit) -> None:
    """The agreement is public; what follows from it is not."""
    visit(cast.stranger, cast.agreement.get_absolute_url())
    for text in ("首批设备验收", "教学装备", "产线搬迁", "登记一项"):
        expect(cast.stranger.locator("main")).not_to_contain_text(text)
    for row in (Commitment.objects.get(), Pledge.objects.get(), *Entry.objects.all()):
        answered = cast.stranger.request.get(row.get_absolute_url())
        assert answered.status == 404
