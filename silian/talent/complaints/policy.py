"""The desk alone reads complaints. Schools, enterprises and secretariats are told there is nothing.

Whoever complained comes back with the receipt code, or with the account they gave.
"""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel import clock, vault
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.complaints.models import Attachment, Complaint, Officer

FEWEST = 5  # complaints that a figure counts; fewer could point at somebody


def running(consortium: Consortium) -> QuerySet[Officer]:
    today = clock.today()
    rows = Officer.objects.filter(Q(end=None) | Q(end__gt=today), start__lte=today)
    return rows.filter(consortium=consortium).select_related("user")


def bound_roles() -> QuerySet[Role]:
    """Roles whose holders are a side: of a school, a firm, a park, any member, a secretariat."""
    today = Role.objects.running()
    members = today.filter(organisation__isnull=False)
    outside = members.exclude(organisation__kind=Organisation.Kind.GOVERNMENT)
    return today.filter(kind=Role.Kind.SECRETARY) | outside


def is_free(user: User) -> bool:
    """Does ``user`` act for neither school, unit nor secretariat?"""
    return not bound_roles().filter(user=user).exists()


def desks_of(user: Viewer) -> set[int]:
    """Keys of the consortia whose complaints ``user`` answers today."""
    if not isinstance(user, User):
        return set()
    today = clock.today()
    rows = Officer.objects.filter(Q(end=None) | Q(end__gt=today), user=user, start__lte=today)
    desks = set(rows.values_list("consortium", flat=True))
    return desks if desks and is_free(user) else set()


def visible_complaints(user: Viewer) -> QuerySet[Complaint]:
    """What the desk sees."""
    return Complaint.objects.filter(consortium__in=desks_of(user)).select_related("consortium")


def own_complaints(user: Viewer, consortium: Consortium) -> QuerySet[Complaint]:
    """What one made in one's own name."""
    rows = Complaint.objects.filter(consortium=consortium)
    return rows.filter(user=user) if isinstance(user, User) else rows.none()


def complaint_of(code: str, consortium: Consortium) -> Complaint | None:
    """What a receipt code belongs to."""
    digests = vault.digests(code.strip().upper())
    return Complaint.objects.filter(digest__in=digests, consortium=consortium).first()


def may_appoint(user: Viewer, consortium: Consortium) -> Verdict:
    """The secretariat appoints; what comes in it does not see."""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def candidates(consortium: Consortium) -> QuerySet[User]:
    """People of the guiding authorities, and experts who act for nobody else."""
    guiding = consortium.memberships.current().filter(
        organisation__kind=Organisation.Kind.GOVERNMENT
    )
    roles = Role.objects.running()
    held = roles.filter(organisation__in=guiding.values("organisation")).values("user")
    experts = roles.filter(kind=Role.Kind.EXPERT, consortium=consortium).values("user")
    rows = User.objects.filter(Q(pk__in=held) | Q(pk__in=experts), is_active=True)
    return rows.exclude(pk__in=bound_roles().values("user")).order_by("name", "pk")


def may_answer(user: Viewer, complaint: Complaint) -> Verdict:
    if complaint.consortium_id not in desks_of(user):
        return Verdict(_("Only the desk can do this."))
    if complaint.state == Complaint.State.CLOSED:
        return Verdict(_("This complaint is closed."))
    return YES


def may_close(user: Viewer, complaint: Complaint) -> Verdict:
    verdict = may_answer(user, complaint)
    if verdict and complaint.state != Complaint.State.ANSWERED:
        return Verdict(_("Answer it first."))
    return verdict


def figures(consortium: Consortium) -> list[tuple[str, int]]:
    """How many complaints of each kind in a year, for everybody; few are not told apart."""
    year = clock.today().replace(month=1, day=1)
    rows = Complaint.objects.filter(consortium=consortium, at__date__gte=year)
    counts = dict(rows.order_by().values_list("about").annotate(n=Count("pk")))
    if sum(counts.values()) < FEWEST:
        return []
    shown = [(str(a.label), counts[a]) for a in Complaint.About if counts.get(a, 0) >= FEWEST]
    rest = sum(counts.values()) - sum(n for _label, n in shown)
    return [*shown, (_("Others together"), rest)] if rest else shown


def one_followed(key: int, consortium: Consortium) -> Complaint | None:
    """What the reader's session has proven the code of."""
    rows = Complaint.objects.filter(pk=key, consortium=consortium)
    return rows.prefetch_related("messages__attachments").first()


def attachments_of(complaint: Complaint) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__complaint=complaint)
