"""Who may see advice on programmes, who may answer it, and who may publish it."""

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from silian.education.advice.models import Advice, Answer, Report
from silian.education.forecasts.sides import Book, book_of
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict

State = Report.State


def visible_reports(user: Viewer) -> QuerySet[Report]:
    """What was published is public; before, the schools asked and the secretariat read it."""
    own = Q(consortium__in=secretariats_of(user))
    asked = Q(state=State.ANSWERING, consortium__in=_consortia_of_schools(user))
    found = Report.objects.filter(Q(state=State.PUBLISHED) | own | asked)
    advised = Count("lines", filter=~Q(lines__verb=Advice.Verb.KEEP))
    rows = found.select_related("consortium").annotate(advised=advised)
    return rows.order_by("-year", "-pk")


def visible_advice(user: Viewer) -> QuerySet[Advice]:
    """One's own programmes first, then what is to change.

    Before publication a school reads only what concerns its own programmes, and what to open.
    """
    secretariat = Q(report__consortium__in=secretariats_of(user))
    schools = organisations_of(user)
    asked = Q(report__state=State.ANSWERING, report__consortium__in=_consortia_of_schools(user)) & (
        Q(programme__school__in=schools) | Q(programme=None)
    )
    first = Case(
        When(programme__school__in=schools, then=Value(0)),
        When(verb=Advice.Verb.KEEP, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = Advice.objects.filter(Q(report__state=State.PUBLISHED) | secretariat | asked)
    joined = rows.select_related("report__consortium", "programme__school", "occupation")
    answers = Prefetch("answers", _readable_answers(user))
    return joined.prefetch_related(answers).annotate(turn=first).order_by("turn", "pk")


def visible_answers(user: Viewer, advice: Advice) -> QuerySet[Answer]:
    """Of one's own schools before publication, of all afterwards; the secretariat reads all."""
    return _readable_answers(user).filter(advice=advice)


def answering_schools(user: Viewer, advice: Advice) -> QuerySet[Organisation]:
    """The schools in whose name ``user`` may answer."""
    if advice.programme:
        own = Organisation.objects.filter(pk=advice.programme.school_id)
    else:
        current = Membership.objects.current().filter(consortium=advice.report.consortium)
        own = Organisation.objects.filter(pk__in=current.values("organisation"))
        own = own.filter(kind__in=Organisation.SCHOOLS)
    return own.filter(pk__in=organisations_of(user))


def figures_of(consortium: Consortium) -> tuple[Book, int | None]:
    """What advice is built on, and the last year of which both sides are known."""
    book = book_of(consortium)
    both = [y for y in book.released if any(y in t.graduated for t in book.tracks)]
    return book, max(both, default=None)


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    verdict = _for_secretariat(user, consortium)
    if verdict and figures_of(consortium)[1] is None:
        return Verdict(
            _("There is no year yet with a demand release and graduates of member schools.")
        )
    living = Report.objects.filter(consortium=consortium).exclude(state=State.DROPPED)
    if verdict and living.filter(year=clock.today().year + 1).exists():
        return Verdict(_("There is advice for next year already."))
    return verdict


def may_edit(user: Viewer, report: Report) -> Verdict:
    return _for_secretariat(user, report.consortium) and _while(
        report, State.DRAFT, State.ANSWERING
    )


def may_ask(user: Viewer, report: Report) -> Verdict:
    """May ``user`` lay it before the schools?"""
    verdict = _for_secretariat(user, report.consortium) and _while(report, State.DRAFT)
    if verdict and not report.lines.exists():
        return Verdict(_("There is no line in it yet."))
    return verdict


def may_drop(user: Viewer, report: Report) -> Verdict:
    return _for_secretariat(user, report.consortium) and _while(report, State.DRAFT)


def may_publish(user: Viewer, report: Report) -> Verdict:
    verdict = _for_secretariat(user, report.consortium) and _while(report, State.ANSWERING)
    if verdict and not report.foreword_zh.strip():
        return Verdict(_("The foreword is still to be written."))
    return verdict


def may_take_away(user: Viewer, report: Report) -> Verdict:
    """May ``user`` take the whole report as a file?"""
    if report.state == State.PUBLISHED:
        return YES
    return _for_secretariat(user, report.consortium)


def may_answer(user: Viewer, advice: Advice) -> Verdict:
    verdict = _while(advice.report, State.ANSWERING)
    if verdict and not answering_schools(user, advice).exists():
        return Verdict(_("Only somebody who acts for the school can do this."))
    return verdict


def _readable_answers(user: Viewer) -> QuerySet[Answer]:
    readable = Q(advice__report__state=State.PUBLISHED) | Q(school__in=organisations_of(user))
    secretariat = Q(advice__report__consortium__in=secretariats_of(user))
    return Answer.objects.filter(readable | secretariat).select_related("school", "by")


def _consortia_of_schools(user: Viewer) -> QuerySet[Membership]:
    """The consortia in which an organisation of ``user`` is a school."""
    current = Membership.objects.current().filter(organisation__in=organisations_of(user))
    schools = current.filter(organisation__kind__in=Organisation.SCHOOLS)
    return schools.values("consortium")  # type: ignore[return-value]


def _for_secretariat(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _while(report: Report, *states: str) -> Verdict:
    return YES if report.state in states else Verdict(_("The report is not in such a state."))
