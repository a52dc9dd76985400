import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.people import policy
from silian.kernel.people.templatetags.people import browser

pytestmark = pytest.mark.django_db
PEOPLE = "/system/people/"


@pytest.fixture
def security() -> User:
    return make_user("安全员", duty="security", language="en")


@pytest.fixture
def person() -> User:
    user = make_user("李雷", email="li@example.com", language="en")
    user.set_password("a long enough secret")
    user.save()
    return user


@pytest.fixture
def at_work(person: User) -> Client:
    """A browser in which ``person`` is signed in."""
    client = Client()
    fields = {"login": person.username, "password": "a long enough secret", "next": "/me/account/"}
    client.post("/accounts/login/", fields)
    assert client.get("/me/account/").status_code == 200
    return client


def page(person: User, step: str = "") -> str:
    return f"{PEOPLE}{person.pk}/{step}"


# --- the security administrator -----------------------------------------------------------


def test_locking_ends_the_sessions_and_is_recorded(
    client: Client, security: User, person: User, at_work: Client
) -> None:
    client.force_login(security)
    client.post(page(person, "lock/"), {"reason": "left the school"})
    assert at_work.get("/me/account/").status_code == 302
    entry = Entry.objects.get(action="Account locked")
    assert entry.by == security and entry.detail["why"] == "left the school"
    assert "already locked" in policy.may_lock(security, User.objects.get(pk=person.pk)).reason
    client.post(page(person, "unlock/"))
    assert User.objects.get(pk=person.pk).is_active


def test_ending_sessions_signs_out_everywhere(
    client: Client, security: User, person: User, at_work: Client
) -> None:
    client.force_login(security)
    assert "127.0.0.1" in client.get(page(person)).content.decode()
    client.post(page(person, "sessions/"))
    assert at_work.get("/me/account/").status_code == 302
    assert Entry.objects.get(action="Sessions ended").detail["sessions"] == 1


def test_lost_factors_are_removed(client: Client, security: User, person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    client.force_login(security)
    client.post(page(person, "factors/"))
    assert not Authenticator.objects.filter(user=person).exists()
    assert Entry.objects.filter(action="Second factors removed", by=security).exists()


def test_a_duty_is_assigned_with_a_reason_and_replaces_the_old(
    client: Client, security: User, person: User
) -> None:
    client.force_login(security)
    assert "required" in client.post(page(person, "duty/"), {"duty": "audit"}).content.decode()
    for duty in ("audit", "system"):
        client.post(page(person, "duty/"), {"duty": duty, "why": "appointed"})
    assert User.objects.get(pk=person.pk).duty == "system"
    assert Entry.objects.filter(action="Duty assigned").last().detail["was"] == "audit"


@pytest.mark.parametrize("step", ["lock/", "unlock/", "sessions/", "factors/", "duty/"])
def test_nobody_does_it_to_themselves(client: Client, security: User, step: str) -> None:
    client.force_login(security)
    assert client.post(page(security, step), {"duty": "", "why": "x"}).status_code == 403
    assert User.objects.get(pk=security.pk).duty == "security"


@pytest.mark.parametrize("duty", ["", "system", "audit"])
def test_no_other_duty_opens_these_pages(client: Client, person: User, duty: str) -> None:
    client.force_login(make_user(duty=duty))
    assert client.get(PEOPLE).status_code == 403
    assert client.get(page(person)).status_code == 404
    for step in ("lock/", "unlock/", "sessions/", "factors/", "duty/"):
        assert client.post(page(person, step)).status_code == 404
    assert User.objects.get(pk=person.pk).is_active


def test_anonymous_visitors_are_asked_to_sign_in(client: Client, person: User) -> None:
    for url in (PEOPLE, page(person), "/me/account/", "/me/notices/", "/me/todo/"):
        assert client.get(url).url.startswith("/accounts/login/")


def test_people_are_found_at_the_same_number_of_queries(client: Client, security: User) -> None:
    client.force_login(security)
    make_user("韩梅梅", phone="13900000009", is_active=False)
    client.get(PEOPLE)  # the session is written on the first request
    counts = []
    for more in (0, 30):
        for _number in range(more):
            make_user()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PEOPLE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    found = client.get(PEOPLE, {"q": "139000"}).content.decode()
    assert "韩梅梅" in found and "Person" not in found
    assert "韩梅梅" in client.get(PEOPLE, {"is_active": "false"}).content.decode()


# --- one's own account --------------------------------------------------------------------


def test_name_and_language_are_changed_at_once(client: Client, person: User) -> None:
    client.force_login(person)
    fields = {"name": "李雷雷", "language": "zh-hans", "phone": "", "email": person.email}
    answer = client.post("/me/account/edit/", fields)
    assert answer.cookies["django_language"].value == "zh-hans"
    person.refresh_from_db()
    assert (person.name, person.phone, person.mail_notices) == ("李雷雷", None, False)
    assert "李雷雷" in client.get("/me/account/").content.decode()


def test_a_new_phone_asks_for_the_password_and_loses_nothing(at_work: Client, person: User) -> None:
    fields = {"name": "李雷", "language": "en", "phone": "+86 139 0000 0000", "email": ""}
    answer = at_work.post("/me/account/edit/", fields)
    assert "/accounts/reauthenticate/" in answer.url
    person.refresh_from_db()
    assert person.phone is None
    at_work.post(answer.url, {"password": "a long enough secret"})
    person.refresh_from_db()
    assert person.phone == "13900000000"


def test_what_another_account_uses_is_refused_beside_the_field(
    client: Client, person: User
) -> None:
    make_user(email="han@example.com", phone="13900000001")
    client.force_login(person)
    fields = {"name": "李", "language": "en", "phone": "13900000001", "email": "HAN@example.com"}
    answer = client.post("/me/account/edit/", fields).content.decode()
    assert "Another account uses this e-mail address." in answer
    assert "already exists" in answer and "HAN@example.com" in answer


def test_a_new_key_is_asked_for_in_the_readers_language(at_work: Client) -> None:
    again = at_work.get("/accounts/2fa/webauthn/add/").url
    at_work.post(again, {"password": "a long enough secret"})
    at_work.cookies["django_language"] = "zh-hans"
    page = at_work.get("/accounts/2fa/webauthn/add/").content.decode()
    assert "密钥名称" in page and ">Name" not in page and "creation_options" in page


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS) MicroMessenger/8.0", "WeChat · iOS"),
        ("curl/8.1", "curl/8.1"),
    ],
)
def test_browsers_have_names(line: str, name: str) -> None:
    assert browser(line) == name


def test_the_command_appoints_the_first_security_administrator_only(person: User) -> None:
    with pytest.raises(CommandError, match="no account"):
        call_command("appoint", "nobody")
    call_command("appoint", person.username)
    assert User.objects.get(pk=person.pk).duty == "security"
    with pytest.raises(CommandError, match="already"):
        call_command("appoint", make_user().username)
