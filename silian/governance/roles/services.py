"""Inviting people, giving and ending roles, and which role somebody acts in just now."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from silian.governance.roles.models import Invitation, Role
from silian.governance.roles.policy import is_unanswered, may_accept, roles_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.http import PublicRequest
from silian.kernel.notices.services import notify
from silian.kernel.verdicts import Verdict

ACTING = "acting_role"  # the session's key


class InvitationClosed(Exception):
    """It was accepted, withdrawn or has expired; the text says which, in the reader's language."""


class AddressTaken(Exception):
    """Somebody has an account with the invited e-mail address; they had better sign in."""


# --- roles ------------------------------------------------------------------------------


@transaction.atomic
def grant_role(
    user: User,
    *,
    kind: str,
    by: User | None,
    title: str = "",
    start: date | None = None,
    **side: Any,
) -> Role:
    """Give ``user`` a role in ``organisation=`` or ``consortium=`` from today (or ``start``).

    The one that already runs is returned as it is.
    """
    day = start or clock.today()
    held = user.roles.filter(kind=kind, **side)
    running = held.running().first()
    if running:
        return running
    role = Role.objects.create(user=user, kind=kind, title=title, start=day, **side)
    forget_roles(user)
    record(role, gettext_noop("Role given"), by=by, person=str(user))
    if by != user:
        message = gettext_noop("You now act for %(side)s.")
        notify([user], message, url=reverse("accounts:profile"), side=both(role.side))
    return role


@transaction.atomic
def end_role(role: Role, *, by: User | None, why: str = "") -> None:
    """Let ``role`` count no more from today on."""
    role.end = max(clock.today(), role.start)
    role.save(update_fields=["end"])
    forget_roles(role.user)
    record(role, gettext_noop("Role ended"), by=by, person=str(role.user), why=why)
    if by != role.user:
        message = gettext_noop("You no longer act for %(side)s.")
        notify([role.user], message, url=reverse("accounts:profile"), side=both(role.side))


def forget_roles(user: User) -> None:
    """Drop what ``policy.roles_of`` remembered of ``user`` in this request."""
    user.__dict__.pop("_silian_roles", None)


def acting_role(request: PublicRequest) -> Role | None:
    """The role whose workspace the pages show first. A lens, never a privilege."""
    roles = roles_of(request.user)
    chosen = request.session.get(ACTING) if roles else None
    return next((role for role in roles if role.pk == chosen), roles[0] if roles else None)


def act_in(request: PublicRequest, role: Role) -> None:
    """Look through ``role`` from now on, in this session."""
    request.session[ACTING] = role.pk


# --- invitations ------------------------------------------------------------------------


@transaction.atomic
def invite(
    *, kind: str, name: str, by: User, email: str = "", title: str = "", **side: Any
) -> Invitation:
    """Offer a role in ``organisation=`` or ``consortium=`` by a link.

    It is mailed where there is an address, and ``.link`` can be handed over.
    """
    invitation = Invitation(kind=kind, name=name, email=email, title=title, by=by, **side)
    send(invitation)
    record(invitation, gettext_noop("Invitation sent"), by=by, role=kind)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Send a new link; the old one stops working."""
    require(is_unanswered(invitation))
    send(invitation)
    record(invitation, gettext_noop("Invitation sent again"), by=by)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    """Withdraw an offer that nobody has taken up."""
    require(is_unanswered(invitation))
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    record(invitation, gettext_noop("Invitation withdrawn"), by=by)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User) -> Role:
    """``user`` takes the role. Of two who try at once, one succeeds."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(may_accept(invitation))
    invitation.accepted_by, invitation.accepted_at = user, clock.now()
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    record(invitation, gettext_noop("Invitation accepted"), by=user)
    role = grant_role(
        user,
        kind=invitation.kind,
        organisation=invitation.organisation,
        consortium=invitation.consortium,
        title=invitation.title,
        by=user,
    )
    message = gettext_noop("%(person)s accepted the invitation to %(side)s.")
    notify([invitation.by], message, person=str(user), side=both(invitation.side))
    return role


@transaction.atomic
def accept_with_new_account(
    invitation: Invitation, *, name: str, username: str, password: str, language: str
) -> User:
    """Make an account for the invited person and take the role with it."""
    if invitation.email and User.objects.filter(email__iexact=invitation.email).exists():
        raise AddressTaken(_("There is an account with this e-mail address. Please sign in."))
    user = User(name=name, username=username, email=invitation.email, language=language)
    user.set_password(password)
    user.save()
    record(user, gettext_noop("Account made"), by=user)
    accept_invitation(invitation, user=user)
    return user


def find_invitation(token: str) -> Invitation | None:
    """The invitation that the link with ``token`` leads to, open or not."""
    return (
        Invitation.objects.select_related("organisation", "consortium", "by")
        .filter(digest=digest_of(token))
        .first()
    )


def send(invitation: Invitation) -> None:
    """Give the invitation a fresh token and term, and mail the link once this is committed."""
    invitation.nonce = secrets.token_hex(16)
    invitation.digest = digest_of(invitation.token)
    invitation.sent_at = clock.now()
    invitation.expires_at = clock.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    if invitation.email:
        app.configure_task("silian.governance.roles.tasks.mail_invitation").defer(
            invitation_id=invitation.pk
        )


def require(verdict: Verdict) -> None:
    if not verdict:
        raise InvitationClosed(verdict.reason)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
