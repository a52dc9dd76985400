"""Who prepares an exam, and who watches over a room. Nobody else sees one; a ticket is enough to
sit it (education.answering)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.papers.models import Paper
from silian.education.papers.policy import approved_papers
from silian.education.sittings.models import Candidate, Exam, Room
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def visible_exams(user: Viewer) -> QuerySet[Exam]:
    """Those that one prepares, and those in whose rooms one watches."""
    rows = Exam.objects.select_related("consortium", "organiser", "occupation")
    if not isinstance(user, User):
        return rows.none()
    watching = Room.invigilators.through.objects.filter(user=user).values("room__exam")
    return rows.filter(
        Q(consortium__in=secretariats_of(user))
        | Q(organiser__in=organisations_of(user))
        | Q(pk__in=watching, state__in=[Exam.State.ANNOUNCED, Exam.State.CLOSED])
    )


def visible_rooms(user: Viewer) -> QuerySet[Room]:
    """The rooms that one prepares or watches over."""
    rows = Room.objects.select_related("exam__consortium", "exam__organiser")
    exams = visible_exams(user)
    if not isinstance(user, User):
        return rows.none()
    prepared = exams.filter(
        Q(consortium__in=secretariats_of(user)) | Q(organiser__in=organisations_of(user))
    )
    return rows.filter(Q(exam__in=prepared) | Q(exam__in=exams, invigilators=user)).distinct()


def visible_candidates(user: Viewer) -> QuerySet[Candidate]:
    rows = Candidate.objects.select_related("exam__consortium", "person", "room", "organisation")
    exams = visible_exams(user)
    mine = Q(exam__consortium__in=secretariats_of(user)) | Q(
        exam__organiser__in=organisations_of(user)
    )
    return rows.filter(
        mine | Q(room__in=visible_rooms(user).values("pk")), exam__in=exams.values("pk")
    )


def organisers(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The members for which ``user`` may hold an exam; the secretariat holds it for any."""
    members = Membership.objects.current().filter(consortium=consortium).values("organisation")
    rows = Organisation.objects.filter(pk__in=members)
    return rows if is_secretary(user, consortium) else rows.filter(pk__in=organisations_of(user))


def possible_invigilators(exam: Exam) -> QuerySet[User]:
    """The organiser's people, and the consortium's secretaries and experts."""
    sides = Q(organisation=exam.organiser) & ~Q(kind=Role.Kind.STUDENT)
    running = Role.objects.running().filter(sides | Q(consortium=exam.consortium))
    return User.objects.filter(pk__in=running.values("user"), is_active=True).order_by("name", "pk")


def own_candidacies(user: User) -> QuerySet[Candidate]:
    """The exams that ``user`` is to sit or has sat."""
    rows = Candidate.objects.filter(person__user=user).exclude(exam__state=Exam.State.DRAFT)
    return rows.select_related("exam__consortium", "exam__organiser", "room").order_by(
        "-exam__opens_at"
    )


def own_rooms(user: User) -> QuerySet[Room]:
    """The rooms that ``user`` watches over."""
    rows = Room.objects.filter(invigilators=user, exam__state=Exam.State.ANNOUNCED)
    return rows.select_related("exam__consortium").order_by("exam__opens_at", "name")


def papers_for(exam: Exam) -> QuerySet[Paper]:
    """The approved papers that can be sat in this exam: their own order and titles show nothing."""
    return approved_papers(exam.consortium).order_by("-pk")


def may_hold(user: Viewer, consortium: Consortium) -> Verdict:
    if organisers(user, consortium).exists():
        return YES
    return Verdict(_("Only the secretariat and members hold exams."))


def may_manage(user: Viewer, exam: Exam) -> Verdict:
    """May ``user`` act for the office of this exam?"""
    if is_secretary(user, exam.consortium) or acts_for(user, exam.organiser):
        return YES
    return Verdict(_("Only the secretariat and the organiser can do this."))


def may_prepare(user: Viewer, exam: Exam) -> Verdict:
    own = may_manage(user, exam)
    if own and exam.state != Exam.State.DRAFT:
        return Verdict(_("The exam is announced: its rooms and candidates stay as they are."))
    return own


def may_announce(user: Viewer, exam: Exam) -> Verdict:
    own = may_prepare(user, exam)
    if not own:
        return own
    if not exam.forms.exists():
        return Verdict(_("The exam has no paper yet."))
    if not exam.candidates.exists():
        return Verdict(_("Nobody is entered yet."))
    if exam.candidates.filter(room=None).exists():
        return Verdict(_("Not everybody has a seat yet."))
    return YES


def may_cancel(user: Viewer, exam: Exam) -> Verdict:
    own = may_manage(user, exam)
    if own and Exam.State.CANCELLED not in Exam.MOVES.get(Exam.State(exam.state), ()):
        return Verdict(_("The exam is over."))
    return own


def may_watch(user: Viewer, room: Room) -> Verdict:
    """May ``user`` admit candidates, give time and note incidents in this room?"""
    watches = isinstance(user, User) and room.invigilators.filter(pk=user.pk).exists()
    if not (watches or may_manage(user, room.exam)):
        return Verdict(_("Only those who watch over this room can do this."))
    if room.exam.state != Exam.State.ANNOUNCED:
        return Verdict(_("The exam is not going on."))
    return YES
