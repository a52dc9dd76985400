"""An agreement of three parties is signed: on screen, on paper, by two of one party; or refused."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect

from silian.governance.agreements.models import Agreement
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.governance.signatures.models import Act
from silian.governance.signing.tests.factories import (
    make_frozen,
    make_process,
    make_signatory,
    make_signer,
)
from silian.kernel.accounts.models import User
from silian.kernel.files.tests.factories import PNG
from tests.journeys.conftest import OpenPage, Visit, check, press, sign_in_by_form

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    """Who takes part in the story."""

    agreement: Agreement
    school: Organisation
    firm: Organisation
    park: Organisation
    dean: User
    legal: User
    boss: User
    secretary: User
    colleague: User


@pytest.fixture
def cast() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    kinds = [
        (Organisation.Kind.COLLEGE, "明水职业学院"),
        (Organisation.Kind.ENTERPRISE, "明水阀门有限公司"),
        (Organisation.Kind.PARK, "明水经济技术开发区管理委员会"),
    ]
    units = [make_organisation(kind, name_zh=name) for kind, name in kinds]
    for unit in units:
        make_membership(consortium, unit)
    agreement = make_frozen(consortium, units, title_zh="共建锻造实训中心协议")
    dean, legal = make_signer(units[0]), make_signer(units[0])
    for user, name in ((dean, "林院长"), (legal, "周处长")):
        User.objects.filter(pk=user.pk).update(name=name, language="zh-hans")
    boss = make_signer(units[1])
    User.objects.filter(pk=boss.pk).update(name="许总", language="zh-hans")
    people = [make_secretary(consortium) for _ in range(2)]
    return Cast(agreement, *units, dean, legal, boss, *people)


def test_an_agreement_of_three_parties_is_signed(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int, tmp_path: Path
) -> None:
    say_who_signs(cast, open_page(user=cast.secretary, width=width), visit)
    for user in (cast.dean, cast.legal, cast.boss):
        sign_on_the_phone(cast, user, open_page(user=user, width=390), visit)
    hand_in_paper(cast, open_page(user=cast.secretary, width=width), visit, tmp_path)
    check_paper(cast, open_page(user=cast.colleague, width=width), visit)

    cast.agreement.refresh_from_db()
    assert cast.agreement.state == "signed"
    assert sorted(Act.objects.values_list("method", flat=True)) == [
        *["electronic"] * 3,
        "paper",
    ]
    read_the_certificate(cast, open_page(user=cast.dean, width=width), visit)
    anybody_checks(cast, open_page(width=width), visit)


def say_who_signs(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, cast.agreement.get_absolute_url())
    page.get_by_role("link", name="设定签署人").click()
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(3)  # one for each party
    fill_in(rows.nth(0), cast.school, cast.dean)
    fill_in(rows.nth(1), cast.firm, cast.boss)
    fill_in(rows.nth(2), cast.park, None, name="孙主任")
    press(page, "增加签署人")
    fill_in(rows.nth(3), cast.school, cast.legal)
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("尚未发起签署")
    press(page, "发起签署")
    expect(page.locator("main")).to_contain_text("签署中")
    check(page)


def fill_in(row: object, party: Organisation, user: User | None, name: str = "") -> None:
    row.locator("[name$=-organisation]").select_option(str(party.pk))  # type: ignore[attr-defined]
    row.locator("[name$=-user]").select_option(str(user.pk) if user else "")  # type: ignore[attr-defined]
    row.locator("[name$=-name]").fill(name)  # type: ignore[attr-defined]
    way = "electronic" if user else "paper"
    row.locator("[name$=-method]").select_option(way)  # type: ignore[attr-defined]


def sign_on_the_phone(cast: Cast, user: User, page: Page, visit: Visit) -> None:
    """With the code of an authenticator app; a wrong one is refused first."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    visit(page, "/me/todo/")
    page.get_by_role("link", name=re.compile("1份协议等待您签署")).click()
    expect(page.locator("main")).to_contain_text(cast.agreement.frozen.sha256)
    page.get_by_label(re.compile("本人已完整阅读")).check()
    page.get_by_label("验证码").fill("000000")
    press(page, "签署")
    expect(page.locator(".alert-danger").first).to_be_visible()
    check(page)
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page.get_by_label("验证码").fill(code)
    press(page, "签署")
    expect(page.locator("main")).to_contain_text("您已完成签署")
    check(page)


def hand_in_paper(cast: Cast, page: Page, visit: Visit, folder: Path) -> None:
    scan = folder / "签署页.png"
    scan.write_bytes(PNG)
    process = cast.agreement.signings.get()
    visit(page, process.get_absolute_url())
    page.get_by_role("link", name="提交纸质签署").click()
    page.locator("input[type=file]").set_input_files(scan)
    check(page)
    press(page, "提交")
    expect(page.locator("main")).to_contain_text("待复核")
    page.get_by_role("link", name="查看扫描件").click()
    expect(page.locator("main")).to_contain_text("须由第二人复核")


def check_paper(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name=re.compile("复核纸质签署")).click()
    expect(page.locator("main")).to_contain_text("孙主任")
    check(page)
    press(page, "复核通过")
    expect(page.locator("main")).to_contain_text("各方均已签署")
    check(page)


def read_the_certificate(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, cast.agreement.get_absolute_url())
    link = page.get_by_role("link", name="签署证书").first
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.ok and answer.body().startswith(b"%PDF-")


def anybody_checks(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, reverse("drafting:check", args=[cast.agreement.check_code]))
    main = page.locator("main")
    for unit in (cast.school, cast.firm, cast.park):
        expect(main).to_contain_text(unit.name_zh)
    expect(main.get_by_text("存证校验一致")).to_have_count(4)
    expect(main).not_to_contain_text("林院长")  # units, ways and days; not more


def test_a_refusal_sends_it_back(cast: Cast, open_page: OpenPage, visit: Visit, width: int) -> None:
    say_who_signs(cast, open_page(user=cast.secretary, width=width), visit)
    signatory = cast.agreement.signings.get().signatories.get(user=cast.boss)
    page = open_page(user=cast.boss, width=390)
    visit(page, signatory.get_absolute_url())
    page.get_by_role("button", name="拒绝签署").click()
    page.locator("dialog[open] textarea").fill("付款期限不符")
    page.locator("dialog[open]").get_by_role("button", name="拒绝签署").click()
    expect(page.locator("main")).to_contain_text("付款期限不符")
    check(page)
    visit(page, cast.agreement.get_absolute_url())
    expect(page.locator("main")).to_contain_text("洽谈中")


def test_signing_with_a_passkey(cast: Cast, open_page: OpenPage, settings: LazySettings) -> None:
    """A security key of the browser's own is set up, and signs."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the journeys have no https
    boss = User.objects.get(pk=cast.boss.pk)
    boss.set_password("a long enough secret")
    boss.save()
    signatory = make_signatory(make_process(cast.agreement), cast.firm, user=boss)
    page = open_page(width=390)
    plug_in_a_key(page)
    sign_in_by_form(page, boss.username, "a long enough secret")
    page.goto("/accounts/2fa/webauthn/add/")
    if page.locator("input[name=password]").count():  # asked again before a key is added
        page.locator("input[name=password]").fill("a long enough secret")
        page.locator("main form button[type=submit]").first.click()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_load_state("networkidle")

    page.goto(signatory.get_absolute_url())
    page.get_by_label(re.compile("本人已完整阅读")).check()
    press(page, "使用通行密钥签署")
    expect(page.locator("main")).to_contain_text("您已完成签署")
    check(page)
    assert Act.objects.get().factor == "webauthn"


def plug_in_a_key(page: Page) -> None:
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    key |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": key})
