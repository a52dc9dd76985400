from datetime import date, timedelta
from typing import Any

from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.releases import services
from silian.industry.releases.models import Line, Release
from silian.kernel import clock
from silian.kernel.codes.models import Code
from silian.kernel.codes.tests.factories import make_code


def make_release(
    consortium: Consortium | None = None,
    year: int | None = None,
    lines: dict[Code, int] | None = None,
    *,
    published: bool = True,
    **of_lines: Any,
) -> Release:
    """A release that says how many of each occupation were needed."""
    consortium = consortium or make_consortium()
    year = year or clock.today().year
    by = make_secretary(consortium)
    dates = {"starts_on": date(year - 1, 12, 1), "ends_on": date(year, 11, 30)}
    release = services.prepare_release(consortium, year=year, by=by, source="试验", **dates)
    facts = {"firms": 5, "positions": 8} | of_lines
    needed = {make_code(): 40} if lines is None else lines
    found = [Line(occupation=code, places=places, **facts) for code, places in needed.items()]
    services.fill_release(release, found, by=by)
    if published:
        release.foreword_zh = "前言"
        services.edit_release(release, by=by)
        services.publish_release(release, by=by)
    return Release.objects.get(pk=release.pk)


def make_old_position(consortium: Consortium, days: int, **fields: Any) -> Position:
    """Published ``days`` ago."""
    since = clock.now() - timedelta(days=days)
    facts = {"published_at": since, "confirmed_on": since.date()} | fields
    return make_position(consortium, **facts)
