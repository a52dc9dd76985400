from datetime import timedelta

from silian.education.advice import services
from silian.education.advice.models import Advice, Report
from silian.education.forecasts.tests.factories import make_school_programme, steady
from silian.education.shortages.tests.factories import make_catalogue
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.kernel import clock
from silian.kernel.codes.tests.factories import make_code

LAST = 2025


def make_report(consortium: Consortium | None = None, *, asked: bool = True) -> Report:
    """Advice to grow one programme, to stop another, and to open one for an occupation."""
    consortium = consortium or make_consortium()
    short, idle, new = make_code(), make_code(), make_code()
    make_school_programme(consortium, [short], steady(LAST, 50, 40))
    make_school_programme(consortium, [idle], steady(LAST, 90, 80))
    make_catalogue(consortium, LAST, {short: 120, idle: 4, new: 60}, judged=4, lingering=4)
    by = make_secretary(consortium)
    report = services.prepare_report(consortium, by=by)
    if asked:
        services.ask_schools(report, until=clock.today() + timedelta(days=20), by=by)
    return Report.objects.get(pk=report.pk)


def line_of(report: Report, verb: str) -> Advice:
    return Advice.objects.select_related("report", "programme__school").get(
        report=report, verb=verb
    )
