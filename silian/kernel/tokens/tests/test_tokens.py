import re
from datetime import timedelta

import pytest
from django.test import Client

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.tokens import services
from silian.kernel.tokens.models import Token
from silian.kernel.tokens.policy import MOST

pytestmark = pytest.mark.django_db
PAGE = "/me/tokens/"


@pytest.fixture
def owner(client: Client) -> User:
    owner = make_user()
    client.force_login(owner)
    return owner


def test_a_secret_is_shown_once_and_kept_as_a_hash(client: Client, owner: User) -> None:
    page = client.post(PAGE, {"name": "report", "days": "30"}).text
    secret = re.search(r"silian_[\w-]{43}", page)

    assert secret and services.user_of(secret[0]) == owner
    token = Token.objects.get()
    assert secret[0] not in client.get(PAGE).text and token.ending in client.get(PAGE).text
    assert secret[0] not in str(list(Token.objects.values()))
    assert {e.action for e in Entry.objects.filter(subject=f"tokens.Token:{token.pk}")} == {
        "Token created"
    }


def test_a_withdrawn_token_counts_no_longer(client: Client, owner: User) -> None:
    token, secret = services.create_token("report", by=owner, days=30)
    client.post(f"{PAGE}{token.pk}/withdraw/")

    assert services.user_of(secret) is None
    assert "Token withdrawn" in client.get(PAGE).text


def test_tokens_run_out_and_end_with_the_account(owner: User) -> None:
    _token, secret = services.create_token("report", by=owner, days=30)
    past = clock.now() - timedelta(days=31)
    Token.objects.update(created_at=past, expires_at=past + timedelta(days=30))
    assert services.user_of(secret) is None

    _token, secret = services.create_token("report", by=owner, days=30)
    User.objects.update(is_active=False)
    assert services.user_of(secret) is None


def test_a_token_is_its_owners_own_business(owner: User) -> None:
    token, secret = services.create_token("harbour figures", by=owner, days=30)
    stranger = Client()
    stranger.force_login(make_user())

    assert token.name not in stranger.get(PAGE).text
    assert stranger.post(f"{PAGE}{token.pk}/withdraw/").status_code == 404
    assert Client().get(PAGE).status_code == 302
    assert services.user_of(secret) == owner


def test_bad_input_is_said_beside_the_field(client: Client, owner: User) -> None:
    page = client.post(PAGE, {"name": "", "days": "4000"})

    assert page.status_code == 422 and page.text.count("invalid-feedback") >= 2
    assert not Token.objects.exists()


def test_there_is_a_most(client: Client, owner: User) -> None:
    for _number in range(MOST):
        services.create_token("report", by=owner, days=30)

    assert client.post(PAGE, {"name": "one more", "days": "30"}).status_code == 403
    assert "Withdraw one first" in client.get(PAGE).text
