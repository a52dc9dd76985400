"""The register of enterprises: imported, found, claimed by the firm, rid of its doubles."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from silian.governance.consortia.models import Consortium
from silian.governance.directory.models import Former
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.industry.demand.tests.factories import make_position
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.checks import credit_check_character
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.documents.services import pdf_of
from tests.journeys.conftest import OpenPage, Visit, check, press
from tests.journeys.test_meeting import work_aside

pytestmark = pytest.mark.django_db(transaction=True)
FIRM, DOUBLE = "章丘泵阀有限公司", "章丘泵阀有限责任公司"


@pytest.fixture
def consortium() -> Consortium:
    county = make_code(CodeList.Kind.REGION, "370114", name_zh="章丘区")
    return make_consortium("mingshui", name_zh="明水产教联合体", region=county)


def register_sheet(firms: list[str]) -> bytes:
    lines = ["中文名称,统一社会信用代码,地区,企业规模"]
    for number, name in enumerate(firms):
        first = f"91370114MA3{number:06}"
        code = first + credit_check_character(first)
        lines.append(f"{name},{code},章丘区,{'小型' if number else '中型'}")
    return "\n".join(lines).encode()


def test_a_register_that_can_be_trusted(
    consortium: Consortium, open_page: OpenPage, visit: Visit, tmp_path: Path, width: int
) -> None:
    secretary = make_secretary(consortium)
    import_it(open_page(user=secretary, width=width), visit)
    find_it(open_page(width=width), visit)
    claimant = make_user("柳闻笛")
    proof = tmp_path / "授权书.pdf"
    proof.write_bytes(pdf_of("兹授权柳闻笛管理本单位信息。", title="授权书"))
    claim_it(open_page(user=claimant, width=width), visit, proof)
    check_the_proof(open_page(user=secretary, width=width), visit)
    state_what_it_makes(open_page(user=claimant, width=width), visit, consortium)
    merge_and_part(open_page(user=secretary, width=width), visit, consortium)
    a_stranger_may_not(lambda: open_page(user=make_user(), width=width))


def import_it(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/enterprises/")
    page.get_by_role("link", name="导入企业名录").click()
    check(page)
    sheet = register_sheet([FIRM, *(f"章丘机械{number}厂" for number in range(30))])
    upload = {"name": "名录.csv", "mimeType": "text/csv", "buffer": sheet}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    press(page, "上传并检查")
    work_aside()
    page.reload()
    check(page)
    press(page, "导入 31 行")
    work_aside()
    page.reload()
    expect(page.locator("main")).to_contain_text("已导入 31 行")


def find_it(page: Page, visit: Visit) -> None:
    """Anybody: a part of the name is enough, and facets count what is found."""
    visit(page, "/mingshui/enterprises/")
    expect(page.get_by_role("navigation", name="企业规模")).to_contain_text("小型 30")
    page.locator("#filter-q").fill("泵阀")
    expect(page.locator("#results")).not_to_contain_text("机械")
    page.locator("#results").get_by_role("link", name=FIRM).click()
    expect(page.locator("h1")).to_contain_text(FIRM)
    check(page)


def claim_it(page: Page, visit: Visit, proof: Path) -> None:
    visit(page, Organisation.objects.get(name_zh=FIRM).get_absolute_url())
    page.get_by_role("link", name="我代表该单位").click()
    page.locator("#id_title").fill("人力资源主管")
    press(page, "提交")  # the browser asks for the rest
    page.locator("#id_statement").fill("负责校企合作。")
    page.locator("#id_proof").set_input_files(proof)
    check(page)
    press(page, "提交")
    expect(page.locator("main")).to_contain_text("已提交核验")


def check_the_proof(page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name=re.compile("认领")).first.click()
    page.get_by_role("link", name=FIRM).first.click()
    check(page)
    press(page, "批准")
    expect(page.locator("main")).to_contain_text("现已代表该单位")


def state_what_it_makes(page: Page, visit: Visit, consortium: Consortium) -> None:
    firm = Organisation.objects.get(name_zh=FIRM)
    make_membership(consortium, firm)
    visit(page, firm.get_absolute_url())
    page.get_by_role("link", name="产品与园区").click()
    page.locator("#id_products_zh").fill("球阀、闸阀")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("球阀、闸阀")


def merge_and_part(page: Page, visit: Visit, consortium: Consortium) -> None:
    """What was entered twice becomes one with all that it had, and can be taken apart again."""
    firm = Organisation.objects.get(name_zh=FIRM)
    double = make_organisation(name_zh=DOUBLE, region=consortium.region, address="双山街道")
    position = make_position(consortium, organisation=double)
    visit(page, "/organisations/doubles/")
    page.get_by_role("link", name="与第一条比较").click()
    check(page)
    page.locator("#id_reason").fill("同一信用代码，改制前后的名称")
    press(page, "合并")
    position.refresh_from_db()
    assert position.organisation == firm
    visit(page, f"/organisations/{double.pk}/")  # the old address leads on
    expect(page.locator("h1")).to_contain_text(FIRM)
    expect(page.locator("main")).to_contain_text("双山街道")
    press(page, "撤销合并")
    assert not Former.objects.exists()
    position.refresh_from_db()
    assert position.organisation == double


def a_stranger_may_not(open_as_stranger: Callable[[], Page]) -> None:
    page = open_as_stranger()
    for address in ("/organisations/doubles/", "/mingshui/sheets/"):
        answer = page.goto(address)
        assert answer is not None and answer.status in (403, 404), address
