"""The frame around every page, the pages of errors, and the page of components."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.ui.menu import Item, Navigation, Section

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/somewhere/")
    request.user = make_user("李梅")
    return request


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_refusal_says_why_and_what_to_do(asked: HttpRequest) -> None:
    page = permission_denied(asked, PermissionDenied("Only <the> secretariat."))
    assert page.status_code == 403
    assert "Only &lt;the&gt; secretariat." in text(page) and "give you the role" in text(page)


def test_errors_have_pages_of_the_house(asked: HttpRequest) -> None:
    assert "There is no such page" in text(page_not_found(asked, Exception("secret detail")))
    assert "secret detail" not in text(page_not_found(asked, Exception("secret detail")))
    assert "Something went wrong here" in text(server_error(asked))
    assert "This request makes no sense" in text(bad_request(asked, Exception()))


def test_a_form_without_its_token_explains_itself() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/i18n/language/", {"language": "en"})
    assert page.status_code == 403 and "The form was too old" in text(page)


def test_anybody_may_change_the_language() -> None:
    page = Client().post("/i18n/language/", {"language": "en", "next": "/x/"})
    assert (
        page.status_code == 302
        and page.url == "/x/"
        and page.cookies["django_language"].value == "en"
    )


def test_the_frame_shows_the_menu_that_it_is_given(asked: HttpRequest) -> None:
    items = [Item("Positions", "/cq/demand/", active=True, count=3)]
    navigation = Navigation(
        consortium_label="重庆",
        sections=[Section("Industry", "briefcase", items)],
        places=[Item("重庆", "/cq/", active=True), Item("温州", "/wz/")],
        roles=[Item("Secretariat", "/me/as/1/", active=True)],
        unread=7,
    )
    page = render_to_string("ui/base.html", {"navigation": navigation}, asked)
    assert 'aria-current="page"' in page and "/wz/" in page and "Secretariat" in page
    assert "Notices, unread: 7" in page


def test_the_frame_needs_no_menu_and_nobody_signed_in() -> None:
    page = render_to_string("ui/public.html", {"navigation": Navigation()})
    assert 'id="menu"' not in page and 'id="main"' in page


def test_pages_hold_nothing_inline(asked: HttpRequest) -> None:
    page = render_to_string("ui/base.html", {"navigation": Navigation()}, asked)
    assert " style=" not in page and "onclick" not in page and "<script>" not in page


def test_the_components_are_for_system_administrators(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/ui/").status_code == 403
    client.force_login(make_user(duty="system"))
    for language in ("zh-hans", "en"):
        with override(language):
            page = client.get("/ui/", headers={"accept-language": language})
        assert page.status_code == 200 and "</html>" in text(page)
    assert client.get("/ui/events/").json()[0]["start"]


def test_components_answer_a_post_and_keep_what_was_wrong(client: Client) -> None:
    client.force_login(make_user(duty="system"))
    assert "Because." in text(client.post("/ui/", {"reason": "Because."}, follow=True))
    page = text(client.post("/ui/", {"name": "灌装操作员", "places": "0"}))
    assert "Nothing is saved yet" in page and 'value="灌装操作员"' in page
