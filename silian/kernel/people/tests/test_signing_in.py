import re
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"
LOGIN = "/accounts/login/"
ACCOUNT = "/me/account/"


@pytest.fixture(autouse=True)
def _fresh_start(settings) -> None:
    cache.clear()  # the rate limits
    settings.LOGIN_REDIRECT_URL = ACCOUNT


@pytest.fixture
def person() -> User:
    user = make_user("王芳", email="wang@example.com", phone="13800000001", language="en")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


@pytest.mark.parametrize("way", ["username", "email", "phone", "spaced phone", "capitals"])
def test_user_name_email_and_phone_all_sign_in(client: Client, person: User, way: str) -> None:
    typed = {
        "username": person.username,
        "email": person.email,
        "phone": person.phone,
        "spaced phone": "+86 138-0000-0001",
        "capitals": "WANG@example.com",
    }[way]
    assert sign_in(client, typed, next=ACCOUNT).url == ACCOUNT
    assert is_signed_in(client)
    assert Entry.objects.filter(action="Signed in", by=person).exists()


def test_a_wrong_password_is_refused_and_recorded(client: Client, person: User) -> None:
    page = sign_in(client, person.username, "wrong").content.decode()
    assert "not correct" in page and person.username in page  # what was typed stays
    assert not is_signed_in(client)
    assert Entry.objects.filter(action="Sign-in refused", by=None).count() == 1


def test_after_five_wrong_passwords_even_the_right_one_waits(client: Client, person: User) -> None:
    for _attempt in range(5):
        sign_in(client, person.username, "wrong")
    assert "Too many failed" in sign_in(client, person.username).content.decode()
    assert not is_signed_in(client)


def test_a_locked_account_is_told_so(client: Client, person: User) -> None:
    person.is_active = False
    person.save()
    assert sign_in(client, person.username).url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_nobody_signs_up_without_an_invitation(client: Client, settings) -> None:
    page = client.get("/accounts/signup/")
    assert "come by invitation" in page.content.decode()
    fields = {"username": "new", "email": "n@example.com", "name": "新人"}
    fields |= {"password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", fields)
    assert not User.objects.exists()
    settings.OPEN_SIGNUP = True
    client.post("/accounts/signup/", fields)
    assert User.objects.get().name == "新人"


def test_pages_come_in_the_language_of_who_signed_in(client: Client, person: User) -> None:
    person.language = "zh-hans"
    person.save()
    answer = sign_in(client, person.username)
    assert answer.cookies["django_language"].value == "zh-hans"
    assert "我的账号" in client.get(ACCOUNT).content.decode()


def test_an_idle_session_ends_and_a_busy_one_goes_on(
    client: Client, person: User, settings
) -> None:
    settings.SESSION_IDLE_SECONDS = 600
    start = clock.now()
    sign_in(client, person.username)
    for minutes in (5, 10, 15):
        settings.CLOCK = (start + timedelta(minutes=minutes)).isoformat()
        assert is_signed_in(client)
    settings.CLOCK = (start + timedelta(minutes=26)).isoformat()
    answer = client.get(ACCOUNT)
    assert answer.status_code == 302 and LOGIN in answer.url
    assert "away for a while" in client.get(LOGIN).content.decode()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_with_a_second_factor_the_password_alone_is_not_enough(
    client: Client, person: User
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    assert sign_in(client, person.username).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_signed_in(client)


def test_a_recovery_code_works_once(client: Client, person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    for works in (True, False):
        client.logout()
        sign_in(client, person.username)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client) is works


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_authenticator_by_its_page(client: Client, person: User) -> None:
    sign_in(client, person.username)
    setup = reverse("mfa_activate_totp")
    again = client.get(setup).url  # such a step asks for the password once more
    assert client.post(again, {"password": PASSWORD}).url == setup
    page = client.get(setup).content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page)
    assert secret and "data:image/svg+xml" in page
    client.post(setup, {"code": code_for(secret[1])})
    assert Entry.objects.filter(action="Second factor added", by=person).exists()
    assert "Turn off" in client.get(ACCOUNT).content.decode()


def test_a_required_second_factor_comes_before_everything(
    client: Client, person: User, settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = ["administrators"]
    sign_in(client, person.username)
    assert is_signed_in(client)
    person.duty = "audit"
    person.save()
    assert client.get(ACCOUNT).url == reverse("mfa_index")
    TOTP.activate(person, generate_totp_secret())
    assert is_signed_in(client)


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, person: User) -> None:
    client.post(reverse("account_reset_password"), {"email": "wang@example.com"})
    link = re.search(r"https?://\S+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1]).url
    client.post(form, {"password1": "another long secret", "password2": "another long secret"})
    assert sign_in(client, person.username, "another long secret").status_code == 302


def test_weak_passwords_are_refused(client: Client, person: User) -> None:
    sign_in(client, person.username)
    fields = {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"}
    page = client.post(reverse("account_change_password"), fields).content.decode()
    assert "too short" in page and "entirely numeric" in page


# --- a school's own sign-in ---------------------------------------------------------------


class School(BaseHTTPRequestHandler):
    """An OIDC provider's discovery document, and a CAS that knows one ticket."""

    def do_GET(self) -> None:
        here = f"http://localhost:{self.server.server_port}"
        if "openid-configuration" in self.path:
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
            content = ",".join(f'"{name}": "{here}/{name}"' for name in names)
            self.answer(f'{{"issuer": "{here}", {content}}}', "application/json")
        elif "serviceValidate" in self.path:
            inside = (
                "<cas:authenticationSuccess><cas:user>2023001</cas:user>"
                "</cas:authenticationSuccess>"
                if "ticket=ST-good" in self.path
                else '<cas:authenticationFailure code="INVALID_TICKET"/>'
            )
            space = 'xmlns:cas="http://www.yale.edu/tp/cas"'
            self.answer(f"<cas:serviceResponse {space}>{inside}</cas:serviceResponse>", "text/xml")

    def answer(self, content: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def school() -> Iterator[str]:
    server = HTTPServer(("localhost", 0), School)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_without_configuration_there_is_no_button_and_no_door(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert "/accounts/cas/" not in page and "/accounts/oidc/" not in page
    assert client.get("/accounts/cas/").status_code == 404


def test_oidc_leads_to_the_school(client: Client, school: str, settings) -> None:
    app = {"provider_id": "school", "name": "校园统一认证", "client_id": "silian", "secret": "s"}
    app["settings"] = {"server_url": school}  # type: ignore[assignment]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    page = client.get(LOGIN).content.decode()
    assert "校园统一认证" in page
    answer = client.get("/accounts/oidc/school/login/?process=login")
    assert answer.status_code == 302
    assert answer.url.startswith(f"{school}/authorization_endpoint?client_id=silian")


@pytest.fixture
def cas(school: str, settings) -> str:
    settings.CAS_SERVER_URL, settings.CAS_NAME = school, "校园 CAS"
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "silian.kernel.accounts.adapters.CampusBackend",
    ]
    return school


def test_cas_leads_to_the_school(client: Client, cas: str) -> None:
    assert "校园 CAS" in client.get(LOGIN).content.decode()
    answer = client.get("/accounts/cas/?next=/me/todo/")
    assert answer.url.startswith(f"{cas}/login?service=") and "todo" in answer.url


def test_cas_admits_whom_we_know_behind_the_prefix(client: Client, cas: str) -> None:
    make_user(username="2023001")  # one of ours who happens to have that name
    known = make_user(username="cas-2023001")
    answer = client.get("/accounts/cas/?ticket=ST-good&next=/me/account/")
    assert answer.url == ACCOUNT
    assert client.get(ACCOUNT).wsgi_request.user == known


@pytest.mark.parametrize("ticket", ["ST-good", "ST-bad"])
def test_cas_does_not_admit_the_unknown(client: Client, cas: str, ticket: str) -> None:
    answer = client.get(f"/accounts/cas/?ticket={ticket}")
    assert answer.status_code == 403 and "not known here" in answer.content.decode()
    assert not User.objects.exists()


def test_cas_makes_accounts_where_the_installation_says_so(
    client: Client, cas: str, settings
) -> None:
    settings.CAS_CREATE_USER = True
    client.get("/accounts/cas/?ticket=ST-good")
    assert User.objects.get().username == "cas-2023001"
    assert not User.objects.get().has_usable_password()


def test_cas_does_not_open_a_locked_account(client: Client, cas: str) -> None:
    make_user(username="cas-2023001", is_active=False)
    assert client.get("/accounts/cas/?ticket=ST-good").url == reverse("account_inactive")
    assert not is_signed_in(client)


def test_cas_does_not_skip_the_second_factor(client: Client, cas: str) -> None:
    TOTP.activate(make_user(username="cas-2023001"), generate_totp_secret())
    assert client.get("/accounts/cas/?ticket=ST-good").url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
