"""Who acts for whom. Every other app's policy is built on these few questions.

Consortia and organisations are only looked at by key here: this app lies below both, so that they
can ask it who may edit them.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.models import Invitation, Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

Viewer = User | AnonymousUser


def roles_of(user: Viewer) -> list[Role]:
    """The roles that ``user`` holds today; read once a request."""
    if not isinstance(user, User):
        return []
    if not hasattr(user, "_silian_roles"):
        user._silian_roles = list(  # type: ignore[attr-defined]
            user.roles.running().select_related("organisation", "consortium")
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
    roles = Role.objects.running().filter(kind__in=kinds, **side)
    return User.objects.filter(is_active=True, pk__in=roles.values("user"))


def may_invite(user: Viewer, side: Model, kind: str) -> Verdict:
    """May ``user`` offer people the role ``kind`` in ``side``, an organisation or a consortium?

    An organisation's managers invite its people. The secretariat of a consortium it belongs to may
    invite its first manager, and the system administrator a consortium's first secretary.
    """
    if kind in Role.OF_CONSORTIUM:
        founding = kind == Role.Kind.SECRETARY and not has_people(side, kind)
        allowed = is_secretary(user, side) or (founding and is_system_administrator(user))
        return YES if allowed else Verdict(_("Only the secretariat invites people here."))
    founding = kind == Role.Kind.MANAGER and not has_people(side, kind)
    allowed = manages(user, side) or (founding and looks_after(user, side))
    return YES if allowed else Verdict(_("Only a manager of the organisation invites people."))


def may_end(user: Viewer, role: Role) -> Verdict:
    """May ``user`` end ``role``? Its holder may, and whoever may invite others in their place."""
    if not role.runs_on(clock.today()):
        return Verdict(_("This role has already ended."))
    if last_one(role):
        return Verdict(_("Somebody must stay: invite a successor first."))
    if role.user_id == user.pk:
        return YES
    return may_invite(user, role.side, role.kind)


def may_accept(invitation: Invitation) -> Verdict:
    """May whoever has the link accept ``invitation``?"""
    answer = is_unanswered(invitation)
    if answer and not invitation.is_open:
        return Verdict(_("This invitation has expired. Ask for a new one."))
    return answer


def is_unanswered(invitation: Invitation) -> Verdict:
    """Expired or not, has nobody accepted or withdrawn ``invitation``?"""
    if invitation.accepted_at:
        return Verdict(_("This invitation has already been accepted."))
    return Verdict(_("This invitation was withdrawn.")) if invitation.revoked_at else YES


def may_revoke(user: Viewer, invitation: Invitation) -> Verdict:
    """May ``user`` withdraw ``invitation``, or send it again?"""
    answer = is_unanswered(invitation)
    if not answer or invitation.by_id == user.pk:
        return answer
    return may_invite(user, invitation.side, invitation.kind)


def looks_after(user: Viewer, organisation: Model) -> bool:
    """Is ``user`` secretary of a consortium that has admitted ``organisation``?"""
    memberships = organisation.memberships.filter(state="admitted")  # type: ignore[attr-defined]
    return bool(memberships.filter(consortium__in=secretariats_of(user)).exists())


def has_people(side: Model, kind: str) -> bool:
    """Does anybody hold the role ``kind`` in ``side`` today?"""
    return roles_in(side).filter(kind=kind).exists()


def roles_in(side: Model) -> QuerySet[Role]:
    """The roles that run today in ``side``, an organisation or a consortium, with their holders."""
    return side.roles.running().select_related("user")  # type: ignore[attr-defined, no-any-return]


def past_roles_in(side: Model) -> QuerySet[Role]:
    """The roles in ``side`` that have ended, the last first."""
    ended = side.roles.filter(end__lte=clock.today())  # type: ignore[attr-defined]
    return ended.select_related("user").order_by("-end", "-pk")  # type: ignore[no-any-return]


def visible_roles(user: User) -> QuerySet[Role]:
    """One's own, and those in organisations and consortia that one speaks for or looks after."""
    found = Role.objects.filter(Q(user=user) | _sides_of(user)).distinct()
    return found.select_related("user", "organisation", "consortium")


def visible_invitations(user: User) -> QuerySet[Invitation]:
    """Those one sent, and those of organisations and consortia that one speaks for."""
    found = Invitation.objects.filter(Q(by=user) | _sides_of(user)).distinct()
    return found.select_related("organisation", "consortium", "by")


def _sides_of(user: User) -> Q:
    secretariats = secretariats_of(user)
    looked_after = Q(
        organisation__memberships__state="admitted",
        organisation__memberships__consortium__in=secretariats,
    )
    own = Q(organisation__in=organisations_of(user)) | Q(consortium__in=secretariats)
    return own | looked_after


def invitations_of(side: Model) -> QuerySet[Invitation]:
    """The invitations to ``side`` that nobody has answered, newest first."""
    found = Invitation.objects.filter(**{side_field(side): side}, accepted_at=None, revoked_at=None)
    return found.select_related("by")


def side_field(side: Model) -> str:
    """``"organisation"`` or ``"consortium"``: which column of a role holds ``side``."""
    return str(side._meta.model_name)


def last_one(role: Role) -> bool:
    """Would nobody be left to invite others?"""
    inviting = role.kind in (Role.Kind.MANAGER, Role.Kind.SECRETARY)
    others = roles_in(role.side).exclude(pk=role.pk).filter(kind=role.kind)
    return inviting and not others.exists()


def is_system_administrator(user: Viewer) -> bool:
    return isinstance(user, User) and user.duty == User.Duty.SYSTEM
