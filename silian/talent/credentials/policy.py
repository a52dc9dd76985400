"""Who sees certificates, who keeps their kinds, who may issue and revoke."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.credentials.models import Certificate, Kind, Officer

State = Certificate.State


def offices_of(user: Viewer) -> set[tuple[int, int]]:
    """Consortium and organisation of every office that ``user`` holds today."""
    if not isinstance(user, User):
        return set()
    if not hasattr(user, "_silian_offices"):
        held = Officer.objects.running().filter(user=user)
        user._silian_offices = set(held.values_list("consortium", "organisation"))  # type: ignore[attr-defined]
    return user._silian_offices  # type: ignore[attr-defined, no-any-return]


def is_officer(user: Viewer, consortium: Consortium, organisation: Organisation) -> bool:
    """May ``user`` issue for ``organisation`` here?"""
    return (consortium.pk, organisation.pk) in offices_of(user)


def officers_for(consortium: Consortium, organisation: Organisation) -> QuerySet[User]:
    """Who issues for ``organisation`` today; the people to tell."""
    held = Officer.objects.running().filter(consortium=consortium, organisation=organisation)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def concerned(user: Viewer, path: str = "") -> Q:
    """Rows of ``user``'s own organisations, offices and secretariats.

    ``path`` leads from the row to its kind: ``"kind__"``.
    """
    found = Q((f"{path}issuer__in", organisations_of(user)))
    found |= Q((f"{path}consortium__in", secretariats_of(user)))
    for consortium, organisation in offices_of(user):
        found |= Q((f"{path}consortium", consortium), (f"{path}issuer", organisation))
    return found


def visible_kinds(user: Viewer) -> QuerySet[Kind]:
    """What is issued is public."""
    rows = Kind.objects.filter(Q(retired_on=None) | concerned(user))
    joined = rows.select_related("consortium", "issuer", "occupation")
    standing = Count("certificates", filter=~Q(certificates__state=State.CORRECTED))
    return joined.annotate(issued=standing)


def visible_certificates(user: Viewer) -> QuerySet[Certificate]:
    """One's own, and those of the organisations and secretariats one acts for."""
    own = Q(person__user=user) if isinstance(user, User) else Q(pk=None)
    rows = Certificate.objects.filter(own | concerned(user, "kind__"))
    return rows.select_related(
        "consortium", "kind__issuer", "kind__occupation", "kind__consortium", "person__user"
    )


def kept_certificates(user: Viewer) -> QuerySet[Certificate]:
    """Those of the organisations and secretariats one acts for: the register."""
    return visible_certificates(user).filter(concerned(user, "kind__"))


def visible_officers(consortium: Consortium) -> QuerySet[Officer]:
    rows = Officer.objects.running().filter(consortium=consortium)
    return rows.select_related("user", "organisation")


def possible_issuers(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The members for which ``user`` may set up a kind."""
    members = consortium.memberships.current()
    rows = Organisation.objects.filter(pk__in=members.values("organisation"))
    if is_secretary(user, consortium):
        return rows
    return rows.filter(pk__in=organisations_of(user))


def may_keep(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` set up kinds of certificates here?"""
    if is_secretary(user, consortium) or possible_issuers(user, consortium).exists():
        return YES
    return Verdict(_("Only members and the secretariat set up kinds of certificates."))


def may_edit(user: Viewer, kind: Kind) -> Verdict:
    if not (is_secretary(user, kind.consortium) or kind.issuer_id in organisations_of(user)):
        return Verdict(_("Only the issuing organisation and the secretariat can do this."))
    return Verdict(_("This is no longer issued.")) if kind.retired_on else YES


def may_read_register(user: Viewer, consortium: Consortium) -> Verdict:
    """The register is for those who issue, and for the secretariat."""
    offices = {held for held, _organisation in offices_of(user)}
    if consortium.pk in offices or is_secretary(user, consortium):
        return YES
    mine = organisations_of(user)
    if mine and Kind.objects.filter(consortium=consortium, issuer__in=mine).exists():
        return YES
    return Verdict(_("Only who issues certificates reads their register."))


def may_appoint(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_revoke(user: Viewer, certificate: Certificate) -> Verdict:
    """Revoking, correcting and issuing again are the officer's, like issuing."""
    if not is_officer(user, certificate.consortium, certificate.kind.issuer):
        return Verdict(_("Only an issuing officer of the organisation can do this."))
    if certificate.person.user_id and certificate.person.user_id == getattr(user, "pk", None):
        return Verdict(_("Nobody decides on a certificate of their own."))
    if certificate.state != State.VALID:
        return Verdict(_("This certificate no longer counts."))
    return YES


def candidates_for_office(organisation: Organisation) -> QuerySet[User]:
    """Who can be made an issuing officer: those who act or teach for the organisation."""
    kinds = [*Role.ACTING, Role.Kind.TEACHER]
    held = Role.objects.running().filter(organisation=organisation, kind__in=kinds)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))
