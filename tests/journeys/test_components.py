"""The living page of the components, as those who build pages see it."""

import pytest
from playwright.sync_api import expect

from silian.kernel.accounts.tests.factories import make_user
from tests.journeys.conftest import OpenPage, Visit


@pytest.fixture(autouse=True)
def _debugging(settings) -> None:
    settings.DEBUG = True


def test_every_component_is_accessible(
    open_page: OpenPage, visit: Visit, width: int, dark: bool
) -> None:
    page = open_page(user=make_user("李梅"), width=width, dark=dark)
    visit(page, "/ui/")
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    expect(page.locator(".ec-event").first).to_be_attached()
