"""Three duties that are never one person: who may do what to somebody's account."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

Viewer = User | AnonymousUser


def visible_people(user: Viewer) -> QuerySet[User]:
    """Everybody for the security administrator, nobody for anyone else."""
    people = User.objects.all()
    return people if may_look_after(user) else people.none()


def may_look_after(user: Viewer) -> Verdict:
    """May ``user`` see the pages about other people's accounts?"""
    if isinstance(user, User) and user.duty == User.Duty.SECURITY:
        return YES
    return Verdict(_("Only the security administrator looks after accounts."))


def may_lock(user: Viewer, person: User) -> Verdict:
    if not person.is_active:
        return Verdict(_("This account is already locked."))
    return _may_change(user, person)


def may_unlock(user: Viewer, person: User) -> Verdict:
    if person.is_active:
        return Verdict(_("This account is not locked."))
    return _may_change(user, person)


def may_end_sessions(user: Viewer, person: User) -> Verdict:
    return _may_change(user, person)


def may_reset_factors(user: Viewer, person: User) -> Verdict:
    return _may_change(user, person)


def may_assign_duty(user: Viewer, person: User) -> Verdict:
    return _may_change(user, person)


def _may_change(user: Viewer, person: User) -> Verdict:
    if user.pk == person.pk:
        return Verdict(_("Nobody does this to their own account."))
    return may_look_after(user)


def factors_of(person: User) -> QuerySet[Authenticator]:
    """The second factors and passkeys that ``person`` has set up."""
    return Authenticator.objects.filter(user=person)  # type: ignore[no-any-return]


def sessions_of(person: User) -> list[UserSession]:
    """Where ``person`` is signed in; the newest first."""
    running = UserSession.objects.filter(user=person).order_by("-created_at")
    return [session for session in running if session.exists()]
