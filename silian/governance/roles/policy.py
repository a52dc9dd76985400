"""Who acts for whom. Every other app's policy is built on these few questions.

Consortia and organisations are only looked at by key here: this app lies below both, so that they
can ask it who may edit them.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User

Viewer = User | AnonymousUser


def roles_of(user: Viewer) -> list[Role]:
    """The roles that ``user`` holds today; read once a request."""
    if not isinstance(user, User):
        return []
    if not hasattr(user, "_silian_roles"):
        today = clock.today()
        running = Q(start__lte=today) & (Q(end=None) | Q(end__gt=today))
        user._silian_roles = list(  # type: ignore[attr-defined]
            user.roles.filter(running).select_related("organisation", "consortium")
        )
    return user._silian_roles  # type: ignore[attr-defined, no-any-return]


def is_secretary(user: Viewer, consortium: Model) -> bool:
    """May ``user`` act for the secretariat of ``consortium``?"""
    return consortium.pk in secretariats_of(user)


def secretariats_of(user: Viewer) -> set[int]:
    """Keys of the consortia for whose secretariat ``user`` acts."""
    found = (r.consortium_id for r in roles_of(user) if r.kind == Role.Kind.SECRETARY)
    return {key for key in found if key}


def acts_for(user: Viewer, organisation: Model) -> bool:
    """May ``user`` state things in the name of ``organisation``?"""
    return organisation.pk in organisations_of(user)


def organisations_of(user: Viewer) -> set[int]:
    """Keys of the organisations that ``user`` acts for, as manager or staff."""
    found = (r.organisation_id for r in roles_of(user) if r.kind in Role.ACTING)
    return {key for key in found if key}


def manages(user: Viewer, organisation: Model) -> bool:
    """May ``user`` invite people to ``organisation`` and edit its data?"""
    managed = (r.organisation_id for r in roles_of(user) if r.kind == Role.Kind.MANAGER)
    return organisation.pk in set(managed)


def secretaries_of(consortium: Model) -> QuerySet[User]:
    """Who acts for the secretariat of ``consortium`` today; the people to send its notices to."""
    return _holders(Role.Kind.SECRETARY, consortium=consortium)


def people_of(organisation: Model) -> QuerySet[User]:
    """Who acts for ``organisation`` today, as manager or staff."""
    return _holders(*Role.ACTING, organisation=organisation)


def _holders(*kinds: Role.Kind, **side: Model) -> QuerySet[User]:
    today = clock.today()
    running = Q(start__lte=today) & (Q(end=None) | Q(end__gt=today))
    roles = Role.objects.filter(running, kind__in=kinds, **side)
    return User.objects.filter(is_active=True, pk__in=roles.values("user"))
