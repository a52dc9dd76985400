from datetime import timedelta

import pytest

from silian.governance.roles import policy, services
from silian.governance.roles.models import Invitation, Role
from silian.governance.roles.tests.factories import make_organisation, make_role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_role(Role.Kind.MANAGER, organisation=make_organisation()).user


@pytest.fixture
def invitation(manager: User) -> Invitation:
    organisation = manager.roles.get().organisation
    return services.invite(
        organisation=organisation, kind="staff", name="李梅", email="li@example.com", by=manager
    )


def test_accepting_gives_the_role_and_tells_who_invited(invitation: Invitation) -> None:
    person = make_user("李梅")
    role = services.accept_invitation(invitation, user=person)
    assert policy.acts_for(person, invitation.organisation)
    assert role.kind == "staff" and role.runs_on(clock.today())
    assert (
        Notice.objects.get(to=invitation.by).text == f"李梅 accepted the invitation to {role.side}."
    )
    assert Entry.objects.filter(action="Invitation accepted", by=person).exists()


def test_an_invitation_works_once(invitation: Invitation) -> None:
    services.accept_invitation(invitation, user=make_user())
    with pytest.raises(services.InvitationClosed, match="already been accepted"):
        services.accept_invitation(invitation, user=make_user())
    assert Role.objects.filter(kind="staff").count() == 1


def test_an_expired_invitation_gives_nothing(invitation: Invitation, settings) -> None:
    settings.CLOCK = (clock.now() + timedelta(days=15)).isoformat()
    with pytest.raises(services.InvitationClosed, match="expired"):
        services.accept_invitation(invitation, user=make_user())
    assert not Role.objects.filter(kind="staff").exists()


def test_sending_again_kills_the_old_link(invitation: Invitation) -> None:
    old = invitation.token
    services.resend_invitation(invitation, by=invitation.by)
    assert services.find_invitation(old) is None
    assert services.find_invitation(invitation.token) == invitation


def test_a_withdrawn_invitation_stays_withdrawn(invitation: Invitation) -> None:
    services.revoke_invitation(invitation, by=invitation.by)
    with pytest.raises(services.InvitationClosed, match="withdrawn"):
        services.accept_invitation(invitation, user=make_user())
    with pytest.raises(services.InvitationClosed):
        services.resend_invitation(invitation, by=invitation.by)


def test_the_token_is_not_in_the_database(invitation: Invitation) -> None:
    row = Invitation.objects.values().get(pk=invitation.pk)
    assert invitation.token not in map(str, row.values())
