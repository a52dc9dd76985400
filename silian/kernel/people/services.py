"""What is done to accounts; every step stands in the record."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.notices.services import notify


@transaction.atomic
def change_profile(user: User, *, by: User) -> None:
    """Keep what the profile form put into ``user``."""
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    user.save(update_fields=["name", "phone", "email", "language", "mail_notices"])
    record(user, gettext_noop("Account changed"), by=by)


@transaction.atomic
def lock(person: User, *, by: User | None, why: str = "") -> None:
    """Let nobody sign in to this account, and end the sessions that run."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    drop_sessions(person)
    record(person, gettext_noop("Account locked"), by=by, why=why)


@transaction.atomic
def unlock(person: User, *, by: User | None, why: str = "") -> None:
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(person, gettext_noop("Account unlocked"), by=by, why=why)


@transaction.atomic
def end_sessions(person: User, *, by: User, why: str = "") -> None:
    """Sign ``person`` out everywhere."""
    ended = drop_sessions(person)
    record(person, gettext_noop("Sessions ended"), by=by, sessions=ended, why=why)


@transaction.atomic
def reset_factors(person: User, *, by: User, why: str = "") -> None:
    """Remove second factors and passkeys, for somebody who has lost them."""
    Authenticator.objects.filter(user=person).delete()
    drop_sessions(person)
    record(person, gettext_noop("Second factors removed"), by=by, why=why)
    notify([person], gettext_noop("The security administrator removed your second factors."))


@transaction.atomic
def assign_duty(person: User, duty: str, *, by: User | None, why: str = "") -> None:
    """Give ``person`` a duty, or take it with ``""``; it replaces the one held before."""
    was, person.duty = person.duty, User.Duty(duty)
    person.save(update_fields=["duty"])
    record(person, gettext_noop("Duty assigned"), by=by, was=was, to=duty, why=why)
    notify([person], gettext_noop("Your duty in this installation has changed."))


@transaction.atomic
def close_account(person: User) -> None:
    """Close an account for good, as its owner wishes; what remains does not tell who it was."""
    drop_sessions(person)
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    person.tokens.all().delete()
    person.username, person.name, person.email, person.phone = f"closed-{person.pk}", "", "", None
    person.is_active = person.phone_verified = person.mail_notices = False
    person.set_unusable_password()
    person.save()
    record(person, gettext_noop("Account closed"), by=None)


def drop_sessions(person: User) -> int:
    """End every session of ``person`` and say how many there were."""
    sessions = UserSession.objects.filter(user=person)
    for session in sessions:
        session.end()
    return len(sessions)
