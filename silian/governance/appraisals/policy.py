"""Who may see a body's years, state its plans and results, and appraise them."""

from datetime import date
from itertools import takewhile

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.appraisals.models import Evidence, Renewal, Year
from silian.governance.bodies.models import Body
from silian.governance.bodies.policy import (
    inside,
    may_manage,
    may_see_dealings,
    reviews_for,
    visible_bodies,
)
from silian.governance.bodykinds.models import Grade
from silian.governance.roles.policy import Viewer, acts_for, is_secretary
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict

__all__ = ["may_manage", "may_see_dealings", "visible_bodies"]
State = Year.State


def visible_years(user: Viewer) -> QuerySet[Year]:
    """A filed plan is public; a draft is seen by those who take part in the body and reviewers."""
    own = Body.objects.filter(inside(user) | Q(consortium__in=reviews_for(user)))
    rows = Year.objects.filter(~Q(state=State.DRAFT) | Q(body__in=own.values("pk")))
    return rows.select_related("body__consortium", "body__kind", "body__host", "grade")


def visible_evidence(user: Viewer, year: Year) -> QuerySet[Evidence]:
    """Files are for those who take part in the body and for its reviewers."""
    rows = year.evidence.select_related("file")
    return rows if may_see_dealings(user, year.body) else rows.none()


def visible_renewals(user: Viewer, body: Body) -> QuerySet[Renewal]:
    rows = body.renewals.select_related("asked_by", "body__consortium", "body__kind", "body__host")
    return rows if may_see_dealings(user, body) else rows.none()


def visible_grades(body: Body) -> QuerySet[Grade]:
    """What an appraisal of ``body`` can end with."""
    return body.kind.grades.all()


def open_years(body: Body) -> range:
    """For which years ``body`` can plan: from its founding to the next year."""
    this = clock.today().year
    return range(body.founded_on.year if body.founded_on else this, this + 2)


def may_plan(user: Viewer, body: Body, year: int) -> Verdict:
    """May ``user`` write the plan of ``body`` for ``year``?"""
    verdict = may_manage(user, body) and _while_running(body)
    if verdict and year not in open_years(body):
        return Verdict(_("Plans are made from the year of the founding to the next year."))
    if verdict and body.years.filter(year=year).exclude(state=State.DRAFT).exists():
        return Verdict(_("The plan of this year is filed; the secretariat can send it back."))
    return verdict


def may_report(user: Viewer, year: Year) -> Verdict:
    """May ``user`` state what came of the plan, and bring evidence?"""
    verdict = may_manage(user, year.body)
    if verdict and year.state != State.PLANNED:
        return Verdict(_("A result is stated once the plan is filed, and not after it is filed."))
    return verdict


def may_send_back(user: Viewer, year: Year) -> Verdict:
    """May ``user`` ask for a change of a filed plan or result?"""
    verdict = _for_secretariat(user, year.body)
    if verdict and year.state not in (State.PLANNED, State.REPORTED):
        return Verdict(_("Nothing is filed that could be sent back."))
    return verdict


def may_mark(user: Viewer, year: Year) -> Verdict:
    """May ``user`` give a filed result a score? Its own people may not."""
    if year.body.consortium_id not in reviews_for(user):
        return Verdict(_("Only the secretariat and its experts give scores."))
    if year.body.host and acts_for(user, year.body.host):
        return Verdict(_("Nobody scores a body of their own organisation."))
    return _while_reported(year)


def may_see_marks(user: Viewer, year: Year) -> Verdict:
    """Reviewers speak freely: their scores stay among them."""
    return may_see_reviews(user, year.body)


def may_see_reviews(user: Viewer, body: Body) -> Verdict:
    """May ``user`` read what only reviewers read of ``body``?"""
    if body.consortium_id in reviews_for(user):
        return YES
    return Verdict(_("Only the secretariat and its experts give scores."))


def may_appraise(user: Viewer, year: Year) -> Verdict:
    return _for_secretariat(user, year.body) and _while_reported(year)


def may_reopen(user: Viewer, year: Year) -> Verdict:
    """May ``user`` take a published appraisal back, to correct it?"""
    verdict = _for_secretariat(user, year.body)
    if verdict and year.state != State.APPRAISED:
        return Verdict(_("Only a published appraisal can be taken back."))
    return verdict


def may_ask_renewal(user: Viewer, body: Body) -> Verdict:
    verdict = may_manage(user, body) and _while_running(body)
    if verdict and not body.warned_from:
        return Verdict(_("This body has no term that ends."))
    if verdict and body.warned_from and clock.today() < body.warned_from:
        day = {"day": body.warned_from}
        return Verdict(_("A new term can be asked for from %(day)s on.") % day)
    if verdict and body.renewals.filter(state=Renewal.State.ASKED).exists():
        return Verdict(_("A new term is asked for already."))
    return verdict


def may_decide(user: Viewer, renewal: Renewal) -> Verdict:
    """May ``user`` grant or decline the new term?"""
    verdict = _for_secretariat(user, renewal.body)
    if verdict and renewal.state != Renewal.State.ASKED:
        return Verdict(_("This was decided already."))
    return verdict and _while_running(renewal.body)


def may_withdraw(user: Viewer, renewal: Renewal) -> Verdict:
    verdict = may_manage(user, renewal.body)
    if verdict and renewal.state != Renewal.State.ASKED:
        return Verdict(_("This was decided already."))
    return verdict


def failures(body: Body) -> int:
    """How many of its latest appraisals in a row failed."""
    known = body.years.filter(state=State.APPRAISED, grade__isnull=False).order_by("-year")
    grades = [year.grade for year in known.select_related("grade")]
    return len(list(takewhile(lambda grade: grade and grade.failing, grades)))


def should_end(body: Body) -> bool:
    """Did it fail as often as its kind allows? The secretariat decides; nothing ends by itself."""
    limit = body.kind.failures_to_end
    return body.is_running and limit is not None and failures(body) >= limit


def appraisal_is_due(year: Year) -> bool:
    """Has the interval of its kind passed since the last appraisal, or since the founding?"""
    body = year.body
    known = body.years.filter(state=State.APPRAISED, year__lt=year.year)
    last = known.order_by("-year").first()
    since = last.year if last else (body.founded_on or clock.today()).year - 1
    return year.year - since >= body.kind.appraise_every


def plan_due(body: Body, year: int) -> date:
    """The end of January, or a month after the founding."""
    end_of_january = date(year, 1, 31)
    founded = body.founded_on or end_of_january
    return max(end_of_january, date.fromordinal(founded.toordinal() + 30))


def _for_secretariat(user: Viewer, body: Body) -> Verdict:
    if is_secretary(user, body.consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _while_running(body: Body) -> Verdict:
    return YES if body.is_running else Verdict(_("Only a running body has plans and terms."))


def _while_reported(year: Year) -> Verdict:
    if year.state == State.REPORTED:
        return YES
    return Verdict(_("An appraisal needs a filed result."))
