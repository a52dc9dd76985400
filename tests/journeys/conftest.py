"""A real browser over the live server, which minds accessibility, errors and width by itself.

A story is walked with two fixtures::

    def test_a_story(open_page, visit):
        page = open_page(user=make_user(), width=390)
        visit(page, "/me/")                   # fails on whatever axe, the console or the CSP finds
        page.get_by_role("button", name="…").click()
        check(page)                           # the same checks after something has changed
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from silian.kernel.accounts.models import User

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
WCAG = {
    "runOnly": {"type": "tag", "values": "wcag2a wcag2aa wcag21a wcag21aa wcag22aa".split()},
    "resultTypes": ["violations"],  # the rest is not even put together
}
HEIGHTS = {390: 844, 1440: 900}
expect.set_options(timeout=20_000)  # a busy machine answers late

OpenPage = Callable[..., Page]
Visit = Callable[[Page, str], None]
complaints: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()
under_way: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()
# Head, menu and foot look alike on many pages: those that were checked once are left out later.
FRAME = """[...document.querySelectorAll('body > header, #menu, footer'), document.documentElement]
    .map((e) => e === document.documentElement ? e.cloneNode().outerHTML : e.outerHTML).join()"""
MAIN = "#main"
checked: set[str] = set()
CALM = 5  # looks at a page, 25 ms apart, without anything under way
PATIENCE = 20_000 // 25


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys. Its loop runs in this thread, so Django has to allow it."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=executable(playwright), args=QUIET)
        yield chromium
        chromium.close()


def executable(playwright: Playwright) -> str:
    """Where Chromium is; without one the journeys are skipped, or fail where it is required."""
    found = next(filter(None, map(shutil.which, NAMES)), playwright.chromium.executable_path)
    if Path(found).exists():
        return found
    reason = f"no Chromium here (looked for {', '.join(NAMES)} and Playwright's own)"
    if os.environ.get("SILIAN_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(params=[1440, 390], ids=["wide", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """For a story that has to work on both."""
    return int(request.param)


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dark(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Opens pages, each in a browser of its own: ``open_page(user=…, width=390, dark=True)``."""
    contexts = []

    def opened(
        *, user: User | None = None, width: int = 1440, dark: bool = False, locale: str = "zh-CN"
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=locale,
        )
        contexts.append(context)
        page = context.new_page()
        listen(page)
        if user:
            sign_in(page, user, live_server.url)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def visit() -> Visit:
    """Goes to an address and checks what it finds there."""

    def visited(page: Page, address: str) -> None:
        answer = page.goto(address)
        assert answer is not None and answer.ok, f"{address}: {answer and answer.status}"
        check(page)

    return visited


def listen(page: Page) -> None:
    """Keep what the browser complains about: errors, and what the content policy forbids."""
    heard = complaints.setdefault(page, [])
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    asked = under_way.setdefault(page, set())

    def began(one: Request) -> None:
        asked.add(one)

    def ended(one: Request) -> None:
        asked.discard(one)

    page.on("request", began)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)


def settle(page: Page) -> None:
    """Wait until the page is there and has asked for nothing more for a moment."""
    page.wait_for_load_state()
    calm = 0
    for _look in range(PATIENCE):
        page.wait_for_timeout(25)
        calm = 0 if under_way[page] else calm + 1
        if calm == CALM:
            return
    raise AssertionError(f"{page.url} still asks for {[one.url for one in under_way[page]]}")


def check(page: Page) -> None:
    """Fail where the page complains, is too wide for its window, or is not accessible."""
    settle(page)
    assert not complaints[page], complaints[page]
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(too_wide) <= 0, "the page scrolls sideways"
    frame = f"{page.viewport_size}{page.evaluate(FRAME)}"
    context = MAIN if frame in checked and page.locator(MAIN).count() else None
    violations = Axe().run(page, context, options=WCAG).response["violations"]
    checked.add(frame)
    assert not violations, "\n".join(map(told, violations))


def press(page: Page, name: str, reason: str = "") -> None:
    """Press a button, and its like in the dialog where it asks back."""
    button = page.get_by_role("button", name=name, exact=True).first
    if button.get_attribute("data-dialog"):
        button.click()
        asked = page.locator("dialog[open]")
        if reason:
            asked.locator("textarea").fill(reason)
        button = asked.get_by_role("button", name=name, exact=True)
    button.click()
    settle(page)


def told(violation: dict[str, Any]) -> str:
    """What axe found, in a few lines."""
    places = [
        f"  {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[1].strip()}"
        for node in violation["nodes"]
    ]
    return "\n".join([violation["help"], *places])


def sign_in(page: Page, user: User, address: str) -> None:
    """Put a session's cookie into the browser, without the form."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def sign_in_by_form(page: Page, username: str, password: str) -> None:
    """Sign in as people do."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
