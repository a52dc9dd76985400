from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from silian.governance.roles import policy, services, tasks
from silian.governance.roles.models import Invitation, Role
from silian.governance.roles.tests.factories import make_consortium, make_organisation, make_role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"
ACCOUNT = {"name": "李梅", "username": "limei", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _fresh_start(settings) -> None:
    cache.clear()
    settings.LOGIN_REDIRECT_URL = "/me/account/"


@pytest.fixture
def invitation() -> Invitation:
    organisation = make_organisation(name_zh="明水机械厂", name_en="Mingshui Machines")
    manager = make_role("manager", organisation=organisation).user
    return services.invite(
        kind="staff", name="李梅", email="li@example.com", by=manager, organisation=organisation
    )


def address(invitation: Invitation) -> str:
    return f"/invitations/{invitation.token}/"


def test_a_newcomer_makes_an_account_and_is_signed_in(
    client: Client, invitation: Invitation
) -> None:
    page = client.get(address(invitation)).content.decode()
    assert "Mingshui Machines" in page and 'value="李梅"' in page
    assert client.post(address(invitation), ACCOUNT).url == "/me/account/"
    user = User.objects.get(username="limei")
    assert user.email == "li@example.com" and user.check_password(PASSWORD)
    assert policy.acts_for(user, invitation.organisation)
    assert client.get("/me/account/").wsgi_request.user == user


def test_bad_input_is_explained_beside_the_field(client: Client, invitation: Invitation) -> None:
    make_user(username="LiMei")
    page = client.post(address(invitation), ACCOUNT | {"password": "123"}).content.decode()
    assert "This user name is taken" in page and "too short" in page and 'value="李梅"' in page
    assert not User.objects.filter(username="limei").exists()
    assert services.find_invitation(invitation.token).is_open


def test_who_has_an_account_signs_in_and_accepts(client: Client, invitation: Invitation) -> None:
    user = make_user("李梅", email="li@example.com")
    refused = client.post(address(invitation), ACCOUNT).content.decode()
    assert "There is an account with this e-mail address." in refused
    client.force_login(user)
    assert "You are signed in as" in client.get(address(invitation)).content.decode()
    assert client.post(address(invitation)).status_code == 302
    assert client.session[services.ACTING] == Role.objects.get(user=user).pk


def test_a_used_link_is_closed(client: Client, invitation: Invitation) -> None:
    services.accept_invitation(invitation, user=make_user())
    for answer in (client.get(address(invitation)), client.post(address(invitation), ACCOUNT)):
        assert answer.status_code == 410 and "already been accepted" in answer.content.decode()
    assert not User.objects.filter(username="limei").exists()


def test_an_expired_link_is_closed(client: Client, invitation: Invitation, settings) -> None:
    settings.CLOCK = (clock.now() + timedelta(days=15)).isoformat()
    answer = client.post(address(invitation), ACCOUNT)
    assert answer.status_code == 410 and "expired" in answer.content.decode()
    assert not User.objects.filter(username="limei").exists()


def test_a_guessed_link_does_not_exist(client: Client, invitation: Invitation) -> None:
    assert client.get(f"/invitations/{'0' * 64}/").status_code == 404
    assert client.get(f"/invitations/{invitation.digest}/").status_code == 404


def test_the_mail_has_the_link_in_both_languages(invitation: Invitation) -> None:
    tasks.mail_invitation(invitation.pk)
    (sent,) = mail.outbox
    assert sent.to == ["li@example.com"] and sent.body.count(address(invitation)) == 2
    assert "明水机械厂" in sent.subject and "Mingshui Machines" in sent.subject


def test_a_withdrawn_invitation_is_not_mailed(invitation: Invitation) -> None:
    services.revoke_invitation(invitation, by=invitation.by)
    tasks.mail_invitation(invitation.pk)
    assert not mail.outbox


# --- acting as ----------------------------------------------------------------------------


def test_one_looks_through_one_role_at_a_time(client: Client) -> None:
    first = make_role("staff", organisation=make_organisation())
    second = make_role("secretary", consortium=make_consortium(), user=first.user)
    client.force_login(first.user)
    request = client.get("/me/account/").wsgi_request
    assert services.acting_role(request) == first
    assert client.post(f"/me/act/{second.pk}/", {"next": "/me/todo/"}).url == "/me/todo/"
    assert services.acting_role(client.get("/me/account/").wsgi_request) == second
    services.end_role(second, by=None)
    assert services.acting_role(client.get("/me/account/").wsgi_request) == first


def test_nobody_acts_in_anothers_role_or_by_a_mere_link(client: Client) -> None:
    role = make_role("staff", organisation=make_organisation())
    client.force_login(make_user())
    assert client.post(f"/me/act/{role.pk}/").status_code == 404
    assert client.get(f"/me/act/{role.pk}/").status_code == 405
    client.force_login(role.user)
    assert client.post(f"/me/act/{role.pk}/", {"next": "//evil.example/"}).url == "/me/account/"


# --- who may ------------------------------------------------------------------------------


def test_managers_invite_their_people_and_nobody_else_does() -> None:
    organisation = make_organisation()
    manager = make_role("manager", organisation=organisation).user
    staff = make_role("staff", organisation=organisation).user
    elsewhere = make_role("manager", organisation=make_organisation()).user
    assert policy.may_invite(manager, organisation, "staff")
    for stranger in (staff, elsewhere, make_user(duty="system")):
        assert "Only a manager" in policy.may_invite(stranger, organisation, "staff").reason


def test_a_system_administrator_invites_only_the_first_secretary() -> None:
    consortium, administrator = make_consortium(), make_user(duty="system")
    assert policy.may_invite(administrator, consortium, "secretary")
    secretary = make_role("secretary", consortium=consortium).user
    assert not policy.may_invite(administrator, consortium, "secretary")
    assert policy.may_invite(secretary, consortium, "expert")


def test_the_last_manager_stays() -> None:
    role = make_role("manager", organisation=make_organisation())
    assert "successor" in policy.may_end(role.user, role).reason
    make_role("manager", organisation=role.organisation)
    assert policy.may_end(role.user, role)


def test_a_role_given_twice_is_one_and_may_be_given_again_after_its_end() -> None:
    user, organisation = make_user(), make_organisation()
    role = services.grant_role(user, kind="staff", organisation=organisation, by=None)
    assert services.grant_role(user, kind="staff", organisation=organisation, by=None) == role
    services.end_role(role, by=None)
    assert not policy.acts_for(user, organisation)
    again = services.grant_role(user, kind="staff", organisation=organisation, by=None)
    assert again != role and policy.acts_for(user, organisation)
