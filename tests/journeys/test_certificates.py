"""Certificates from a spreadsheet to a stranger who checks one, with and without a network."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.db import connections
from playwright.sync_api import Page, expect

from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.jobs.tests.factories import work
from silian.talent.credentials.models import Certificate
from silian.talent.credentials.tests.factories import make_kind, make_officer
from silian.talent.issuing.models import Batch
from silian.talent.verification.services import payload_of
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (("林白露", "11010519491231002X"), ("周谷雨", "440524188001010014"))


@dataclass
class Cast:
    drafter: User
    officer: User
    home: str


@pytest.fixture
def cast() -> Cast:
    kind = make_kind(title_zh="车工职业技能等级证书")
    home = f"/{kind.consortium.slug}/certificates/"
    return Cast(make_staff(kind.issuer), make_officer(kind), home)


def test_certificates_from_a_sheet_to_a_stranger(
    cast: Cast,
    open_page: OpenPage,
    visit: Visit,
    width: int,
    tmp_path: Path,
) -> None:
    batch = drafted(cast, open_page(user=cast.drafter, width=width), visit)
    officer = open_page(user=cast.officer, width=width)
    issued(batch, officer, visit)
    certificate = Certificate.objects.get(name="林白露")
    stranger = open_page(width=width)
    checked(certificate, stranger, visit, "有效")
    offline(certificate, stranger, visit, tmp_path, "按此状态清单有效")
    visit(officer, f"{cast.home}{certificate.pk}/")
    press(officer, "撤销", reason="经查实考试作弊")
    expect(officer.locator("main")).to_contain_text("经查实考试作弊")
    checked(certificate, stranger, visit, "已撤销")
    offline(certificate, stranger, visit, tmp_path, "真实，但已撤销")


def drafted(cast: Cast, page: Page, visit: Visit) -> Batch:
    """A batch, its candidates from a spreadsheet, into publicity."""
    visit(page, f"{cast.home}batches/new/")
    page.locator("#id_kind").select_option(index=1)
    page.locator("#id_title_zh").fill("车工第一批")
    press(page, "保存")
    check(page)
    page.get_by_role("link", name="导入名单").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "名单.xlsx", "mimeType": "application/xlsx", "buffer": sheet()}
    )
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("林白露")
    check(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    batch = Batch.objects.get()
    visit(page, batch.get_absolute_url())
    expect(page.locator("main")).to_contain_text("周谷雨")
    page.get_by_role("link", name="提交公示").click()
    check(page)
    press(page, "提交公示")
    expect(page.locator("main")).to_contain_text("公示中")
    page.get_by_role("link", name="公示名单").click()
    expect(page.locator("main")).to_contain_text("林*露")
    expect(page.locator("main")).not_to_contain_text("林白露")
    check(page)
    return batch


def sheet() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["姓名", "身份证号", "取得日期", "等级"])
        for row, (name, number) in enumerate(PEOPLE, start=1):
            page.write_row(row, 0, [name, number, f"{clock.today()}", "四级（中级工）"])
    return content.getvalue()


def issued(batch: Batch, page: Page, visit: Visit) -> None:
    """The officer waits for the days of publicity, then issues."""
    visit(page, batch.get_absolute_url())
    expect(page.locator("main")).to_contain_text("公示期尚未结束")
    over = clock.today() - timedelta(days=9)
    days = {"public_from": over, "public_until": over + timedelta(days=8)}
    Batch.objects.filter(pk=batch.pk).update(**days)
    visit(page, batch.get_absolute_url())
    press(page, "颁发证书")
    with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
        aside.submit(work_and_leave).result()
    visit(page, batch.get_absolute_url())
    expect(page.locator("main")).to_contain_text("已颁发")


def work_and_leave() -> None:
    work()
    connections.close_all()


def checked(certificate: Certificate, page: Page, visit: Visit, said: str) -> None:
    """A stranger scans the code: the address fills the form, and the server answers."""
    page.goto("about:blank")
    visit(page, f"/verify/#{payload_of(certificate)}")
    expect(page.locator("#id_name")).to_have_value("林白露")
    press(page, "查验证书")
    expect(page.locator("[data-outcome]")).to_contain_text(said)
    expect(page.locator("[data-outcome]")).not_to_contain_text("林白露")
    check(page)


def offline(certificate: Certificate, page: Page, visit: Visit, folder: Path, said: str) -> None:
    """The page for checking without a network: as served, and as a file on a disk."""
    visit(page, "/verify/offline/")
    verify(page, payload_of(certificate), said)
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载本页").click()
    saved = folder / "silian-verify.html"
    download.value.save_as(saved)
    page.goto(saved.as_uri())
    page.context.set_offline(True)
    verify(page, payload_of(certificate), said)
    tampered = re.sub(r".{4}$", "AAAA", payload_of(certificate))
    verify(page, tampered, "不真实")
    page.context.set_offline(False)


def verify(page: Page, payload: str, said: str) -> None:
    page.locator("#code").fill(f"https://example.org/verify/#{payload}")
    page.get_by_role("button", name="验证").click()
    expect(page.locator("#result h2")).to_contain_text(said)
    expect(page.locator("#age")).to_contain_text("当日生成")
