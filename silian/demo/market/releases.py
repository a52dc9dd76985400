"""What each body released as its demand: earlier years as figures that were taken over, this year's
counted from the positions that its members state.
"""

from datetime import date
from random import Random
from typing import Any

from silian.demo.cast.founding import Founded
from silian.demo.market.positions import at
from silian.industry.releases import services
from silian.industry.releases.models import Line, Release
from silian.industry.releases.papers import digest_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.states import move

YEARS = 5  # before this one
# How demand for one occupation and its pay go from year to year.
PACES = ((0.9, 1.02), (0.97, 1.03), (1.04, 1.04), (1.08, 1.06), (1.13, 1.08), (1.2, 1.1))
SURVEY = "园区企业用工需求调查(联合体成立前)"
EARLIER = "联合体年度人才需求调查"
FOREWORD = """
{year}年度人才需求由{name}秘书处汇总。成员单位填报并确认岗位,秘书处审核后统一发布,供院校调整专业、安排招生参考。

需求较集中的职业是**{first}**和**{second}**。对数据有疑问的单位请与秘书处联系,经核实后以新版本更正。
"""


def add_releases(body: Founded, today: date) -> None:
    author = body.consortium.roles.filter(kind="secretary").order_by("pk")[0].user
    this_year = _prepared(body, today.year, today, author)
    lines = list(this_year.lines.select_related("occupation"))
    for year in range(today.year - YEARS, today.year):
        source = SURVEY if year < body.day.year else EARLIER
        release = _prepared(body, year, date(year, 11, 30), author, source)
        earlier = [_earlier(line, release, today.year - year) for line in lines]
        Line.objects.bulk_create(earlier)
        release.firms = max(line.firms or 0 for line in earlier)
        release.positions = sum(line.positions or 0 for line in earlier)
        _publish(release, author)
    _publish(this_year, author)


def _prepared(body: Founded, year: int, until: date, author: User, source: str = "") -> Release:
    """Counted from the positions where no source is named."""
    start, consortium = date(year - 1, 12, 1), body.consortium
    return services.prepare_release(
        consortium, year=year, starts_on=start, ends_on=until, by=author, source=source
    )


def _earlier(line: Line, release: Release, back: int) -> Line:
    """The same occupation some years ago, along a trend of its own with some noise."""
    draw = Random(f"{line.occupation.code} {release.consortium.slug}")  # noqa: S311  a demo
    trend, wage = draw.choice(PACES)
    noise = [draw.uniform(0.93, 1.07) for _year in range(YEARS + 1)][back]
    factor = noise / trend**back
    judged = max(round((line.judged or 2) * factor), 1)
    return Line(
        release=release,
        occupation=line.occupation,
        places=max(round(line.places * factor), 1),
        positions=max(round((line.positions or 1) * factor), 1),
        firms=max(round((line.firms or 1) * factor), 1),
        education=_scaled(line.education, factor),
        kinds=_scaled(line.kinds, factor),
        regions=_scaled(line.regions, factor),
        mastery=line.mastery,
        pay_hidden=line.pay_hidden,
        judged=judged,
        lingering=min(line.lingering, judged),
        **{
            name: pay and round(pay / wage**back / 100) * 100
            for name, pay in (
                ("pay_lower", line.pay_lower),
                ("pay_median", line.pay_median),
                ("pay_upper", line.pay_upper),
            )
        },
    )


def _scaled(counts: dict[str, int], factor: float) -> dict[str, int]:
    return {key: max(round(count * factor), 1) for key, count in counts.items()}


def _publish(release: Release, author: User) -> None:
    """As the service does, but nobody is told of what lies years back."""
    most = list(release.lines.select_related("occupation").order_by("-places", "pk")[:2])
    names = [line.occupation.name_zh for line in most]
    release.foreword_zh = FOREWORD.format(
        year=release.year, name=release.consortium.short_name_zh, first=names[0], second=names[-1]
    ).strip()
    release.save(update_fields=["foreword_zh", "firms", "positions"])
    moment = min(at(release.ends_on, hour=10), clock.now())
    facts: dict[str, Any] = {"published_at": moment, "digest": digest_of(release)}
    move(release, Release.State.PUBLISHED, by=author, **facts)
