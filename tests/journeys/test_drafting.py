"""An agreement comes about: template, Word file, two versions, comments, consents, one PDF."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.drafting.tests.factories import make_template
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel.documents.services import word_of
from tests.journeys.conftest import OpenPage, Visit, check

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium("mingshui", name_zh="明水产教联合体")


def test_an_agreement_is_drafted_negotiated_frozen_and_checked(
    open_page: OpenPage, visit: Visit, width: int, tmp_path: Path, consortium: Consortium
) -> None:
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    firm = make_organisation(name_zh="明水阀门有限公司")
    for unit in (school, firm):
        make_membership(consortium, unit)
    make_template(consortium, name="框架协议范本")
    secretary = open_page(user=make_secretary(consortium), width=width)
    people = [open_page(user=make_staff(unit), width=width) for unit in (school, firm)]

    visit(secretary, reverse("agreements:agreement_index", args=[consortium]))
    agreement = drafted(secretary)
    visit(people[1], agreement.get_absolute_url())
    answered(people[1], tmp_path / "firm.docx")
    visit(secretary, reverse("drafting:version_compare", args=[consortium, agreement.pk]))
    expect(secretary.locator("ins", has_text="五")).to_be_visible()
    visit(secretary, agreement.get_absolute_url())
    completed(secretary)
    for page in people:
        visit(page, agreement.get_absolute_url())
        confirmed(page, "同意第 2 版")
        expect(page.get_by_role("button", name="不再同意")).to_be_visible()
    visit(secretary, agreement.get_absolute_url())
    confirmed(secretary, "定稿，开始签署")
    expect(secretary.get_by_text("正文已定稿")).to_be_visible()

    agreement.refresh_from_db()
    assert agreement.frozen
    anybody = open_page(width=width)
    visit(anybody, reverse("drafting:check", args=[agreement.check_code]))
    compared(anybody, agreement.frozen.content.read(), tmp_path)


def drafted(page: Page) -> Agreement:
    """The secretariat says who agrees on what, then the terms, then the text from a template."""
    page.get_by_role("link", name="起草协议").first.click()
    page.get_by_label("类型").select_option("framework")
    page.get_by_label("中文标题").fill("共建实训基地框架协议")
    for number, name in enumerate(("明水职业", "明水阀门")):
        page.locator(f"#id_parties_{number}-ts-control").press_sequentially(name)
        page.get_by_role("option", name=name).click()
    page.get_by_label("身份").first.fill("学校")
    check(page)
    page.get_by_role("button", name="保存并填写要素").click()
    page.get_by_label("合作目标").fill("共同建设区域实训基地")
    check(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="框架协议范本").click()
    editor = page.get_by_label("正文")
    assert "共同建设区域实训基地" in editor.input_value()
    editor.fill(editor.input_value() + "\n\n**期限三年**")
    expect(page.locator("strong", has_text="期限三年")).to_be_visible()  # the preview
    check(page)
    page.get_by_role("button", name="保存为新版本").click()
    check(page)
    return Agreement.objects.get()


def answered(page: Page, word: Path) -> None:
    """The firm comments and brings its own wording as a Word file."""
    page.get_by_label("意见所针对的文字").fill("期限三年")
    page.get_by_label("意见", exact=True).fill("希望为五年")
    page.get_by_role("button", name="意见").click()
    expect(page.get_by_text("希望为五年")).to_be_visible()
    word.write_bytes(word_of("甲方：明水职业学院\n\n**期限五年**", title="框架协议"))
    page.get_by_role("link", name="撰写新版本").click()
    page.get_by_text("从 Word 文件读入正文").click()
    page.locator("#id_word").set_input_files(word)
    page.get_by_role("button", name="读入编辑框").click()
    assert "期限五年" in page.get_by_label("正文").input_value()
    page.get_by_label("改动说明").fill("期限改为五年")
    check(page)
    page.get_by_role("button", name="保存为新版本").click()
    check(page)


def completed(page: Page) -> None:
    """The secretariat settles the comment and fills in what the page says is still open."""
    page.get_by_role("button", name="已了结").click()
    expect(page.get_by_text("以下要素尚未填写")).to_be_visible()
    page.get_by_role("link", name="要素", exact=True).click()
    page.get_by_label("合作内容与形式").fill("共建共用")
    page.get_by_label("各方权利和义务").fill("各尽其责")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("尚未同意第 2 版")).to_be_visible()


def confirmed(page: Page, label: str) -> None:
    page.get_by_role("button", name=label).first.click()
    page.locator("dialog[open]").get_by_role("button", name=label).click()
    page.wait_for_load_state()
    check(page)


def compared(page: Page, content: bytes, folder: Path) -> None:
    """Whoever holds the document sees whether it is the very one."""
    copy, forged = folder / "copy.pdf", folder / "forged.pdf"
    copy.write_bytes(content)
    forged.write_bytes(content + b" ")
    for file, answer in ((copy, "逐字节一致"), (forged, "不一致")):
        page.locator("#id_file").set_input_files(file)
        page.get_by_role("button", name="对比").click()
        expect(page.get_by_role("alert").filter(has_text=answer)).to_be_visible()
        check(page)
