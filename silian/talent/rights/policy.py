"""A person's requests are seen by that person and, for corrections, by the school's office."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer, last_one, organisations_of, roles_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.profiles.models import Student
from silian.talent.rights.models import Correction, Deletion


def visible_corrections(user: Viewer) -> QuerySet[Correction]:
    own = Q(student__user=user) if isinstance(user, User) else Q(pk=None)
    rows = Correction.objects.filter(own | Q(student__school__in=organisations_of(user)))
    return rows.select_related("student__school", "student__person", "evidence")


def visible_deletions(user: Viewer) -> QuerySet[Deletion]:
    """One's own."""
    own = Q(person__user=user) if isinstance(user, User) else Q(pk=None)
    return Deletion.objects.filter(own)


def own_enrolments(user: Viewer) -> QuerySet[Student]:
    own = Q(user=user) if isinstance(user, User) else Q(pk=None)
    return Student.objects.filter(own).select_related("school", "programme", "person")


def may_take_back(user: Viewer, correction: Correction) -> Verdict:
    if correction.student.user_id != user.pk:
        return Verdict(_("Only who asked can take this back."))
    return _while_open(correction)


def may_answer(user: Viewer, correction: Correction) -> Verdict:
    if correction.student.school_id not in organisations_of(user):
        return Verdict(_("Only the school's own staff can do this."))
    return _while_open(correction)


def _while_open(correction: Correction) -> Verdict:
    if correction.state == Correction.State.OPEN:
        return YES
    return Verdict(_("This request is answered."))


def may_ask_deletion(user: Viewer) -> Verdict:
    """May ``user`` ask to be forgotten? Not before somebody else can do what they alone may."""
    if not isinstance(user, User):
        return Verdict(_("Please sign in."))
    if visible_deletions(user).filter(state=Deletion.State.WAITING).exists():
        return Verdict(_("You have asked for this already."))
    if user.duty or any(last_one(role) for role in roles_of(user)):
        return Verdict(_("You alone hold an office here. Invite a successor first."))
    return YES


def may_stop(user: Viewer, deletion: Deletion) -> Verdict:
    if deletion.person.user_id != user.pk:
        return Verdict(_("Only who asked can take this back."))
    if deletion.state != Deletion.State.WAITING:
        return Verdict(_("This request is answered."))
    return YES
