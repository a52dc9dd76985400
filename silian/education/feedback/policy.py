"""Who is asked what they think, and from how many answers on results are shown."""

from dataclasses import dataclass

from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.courses.policy import may_oversee
from silian.education.enrolments.models import Enrolment
from silian.education.feedback.models import ASKED, Answer, Filled
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

LEAST = 5  # fewer answers would say who gave them


@dataclass(frozen=True)
class Results:
    """What a session's learners think, as far as it may be shown."""

    count: int
    scores: list[tuple[str, float]]
    remarks: list[str]

    @property
    def shown(self) -> bool:
        return self.count >= LEAST


def results_of(session: Session) -> Results:
    """Averages and remarks; nothing but their number below five answers."""
    answers = Answer.objects.filter(session=session)
    found = answers.aggregate(n=Count("pk"), **{f"mean_{name}": Avg(name) for name in ASKED})
    if found["n"] < LEAST:
        return Results(found["n"], [], [])
    labels = {field.name: str(field.verbose_name) for field in Answer._meta.fields}
    scores = [(labels[name], round(found[f"mean_{name}"], 1)) for name in ASKED]
    remarks = answers.exclude(remark="").values_list("remark", flat=True)
    return Results(found["n"], scores, list(remarks))


def own_place(user: User, session: Session) -> Enrolment | None:
    return Enrolment.objects.placed().filter(session=session, person__user=user).first()


def has_filled(enrolment: Enrolment) -> bool:
    return Filled.objects.filter(enrolment=enrolment).exists()


def may_fill(user: User, session: Session) -> Verdict:
    mine = own_place(user, session)
    if mine is None:
        return Verdict(_("You have no place in this session."))
    if session.state not in (Session.State.RUNNING, Session.State.FINISHED):
        return Verdict(_("The training has not begun yet."))
    if has_filled(mine):
        return Verdict(_("You have filled it in. Thank you."))
    return YES


def may_read(user: Viewer, session: Session) -> Verdict:
    return may_oversee(user, session)
