"""What can happen to advice on programmes. Each function is one thing somebody does."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.advice.models import Advice, Answer, Report
from silian.education.advice.papers import digest_of
from silian.education.advice.policy import figures_of
from silian.education.advice.rules import shipped
from silian.education.advice.weighing import Weighing
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import secretaries_of
from silian.industry.releases.policy import people_of_units
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Report.State


@transaction.atomic
def prepare_report(consortium: Consortium, *, by: User | None) -> Report:
    """Draft the advice for next year's intake from the last year with both sides."""
    book, year = figures_of(consortium)
    if year is None:
        raise ValueError(f"{consortium} has no year with both sides")
    rules = dict(shipped())
    report = Report.objects.create(
        consortium=consortium, year=clock.today().year + 1, rules=rules, figures_year=year
    )
    lines = Weighing(book, year, rules).lines()
    for line in lines:
        line.report = report
    Advice.objects.bulk_create(lines)
    record(report, gettext_noop("Advice prepared"), by=by, lines=len(lines))
    return report


@transaction.atomic
def edit_report(report: Report, *, by: User) -> None:
    report.save(update_fields=["foreword_zh", "foreword_en"])
    record(report, gettext_noop("Foreword written"), by=by)


@transaction.atomic
def ask_schools(report: Report, *, until: date, by: User) -> None:
    """Lay the advice before the schools, each with its own programmes first."""
    move(report, State.ANSWERING, by=by, answers_until=until)
    message = gettext_noop("%(body)s asks for your answer to its advice on programmes of %(year)s.")
    body = both(report.consortium, "short_name")
    to, url = people_of_units(report.consortium, Organisation.SCHOOLS), report.get_absolute_url()
    notify(to, message, url=url, body=body, year=report.year)


@transaction.atomic
def answer_advice(answer: Answer, *, by: User) -> Answer:
    """Keep what a school says; it may say something else until the report is published."""
    report = Report.objects.select_for_update().get(pk=answer.advice.report_id)
    if report.state != State.ANSWERING:
        raise IllegalMove(f"{report} is {report.state}")
    said = {name: getattr(answer, name) for name in ("adopted", "reason", "planned_intake")}
    kept, _new = Answer.objects.update_or_create(
        advice=answer.advice, school=answer.school, defaults=said | {"by": by, "at": clock.now()}
    )
    action = gettext_noop("Advice answered")
    record(report, action, by=by, school=answer.school.name_zh, **said)
    message = gettext_noop("%(school)s answers “%(advice)s”.")
    url, school = answer.advice.get_absolute_url(), both(answer.school)
    notify(secretaries_of(report.consortium), message, url=url, school=school, advice=_name(answer))
    return kept


@transaction.atomic
def publish_report(report: Report, *, by: User) -> None:
    """Freeze and publish it with the answers."""
    held = Report.objects.select_for_update().get(pk=report.pk)
    move(report, State.PUBLISHED, by=by, published_at=clock.now(), digest=digest_of(held))
    message = gettext_noop("%(body)s publishes its advice on programmes of %(year)s.")
    body = both(report.consortium, "short_name")
    to, url = people_of_units(report.consortium), report.get_absolute_url()
    notify(to, message, url=url, body=body, year=report.year)


def drop_report(report: Report, *, by: User) -> None:
    move(report, State.DROPPED, by=by)


def _name(answer: Answer) -> dict[str, str]:
    return both(answer.advice.programme or answer.advice.occupation)
