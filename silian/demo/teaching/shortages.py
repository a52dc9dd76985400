"""Where graduates go, which occupations are short, and what is advised for the programmes."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from silian.demo.cast.founding import Founded
from silian.demo.market.positions import at
from silian.education.advice import services as advice
from silian.education.advice.models import Advice, Answer, Report
from silian.education.forecasts.figures import programmes_of
from silian.education.forecasts.models import Share
from silian.education.programmes.models import Programme
from silian.education.shortages import services as shortages
from silian.education.shortages.models import Catalogue, Entry
from silian.education.shortages.papers import digest_of
from silian.governance.roles.policy import people_of
from silian.industry.releases.models import Release
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.states import move

# Graduates who stay with the members, for each person that these need: from short to far too many.
STAY = (0.25, 0.4, 0.55, 0.7, 0.9, 1.1, 1.7, 3.3)
DRAFTED = {"wenzhou-bay"}  # this year's catalogue still waits for its foreword
# How far next year's advice has come.
ADVICE = {
    "mingshui": Report.State.ANSWERING,
    "chongqing-bio": Report.State.PUBLISHED,
    "jjj-bio": Report.State.ANSWERING,
    "shengong-yigu": Report.State.DRAFT,
}
FOREWORD = (
    "本目录由{name}秘书处依据已发布的人才需求和成员院校毕业生数据计算,经专家论证后发布,"
    "供院校调整专业、企业制定用工计划参考。每个条目均可查看计算过程。"
)
ADVISED = (
    "本报告依据供需对照、预测和紧缺人才目录提出专业调整建议,并附各院校的答复。"
    "建议不具有强制性,专业设置以教育主管部门备案为准。"
)
ADJUSTED = "两家会员企业的扩产项目将于明年二季度投产,专家论证认为需求将进一步上升"
DECLINED = "现有实训工位已满负荷,拟待实训中心二期建成后再扩大招生"
ADOPTED = "已列入明年招生计划,与两家企业协商共建实训班"


def add_shortages(body: Founded, today: date) -> None:
    slug = body.consortium.slug
    author = body.consortium.roles.filter(kind="secretary").order_by("pk")[0].user
    add_shares(body)
    for release in body.consortium.releases.filter(year__gte=today.year - 1).order_by("year"):
        drafted = slug in DRAFTED and release.year == today.year
        add_catalogue(release, author, published=not drafted)
    if slug in ADVICE:
        add_advice(body, author, today, ADVICE[slug])


def add_shares(body: Founded) -> None:
    """Most graduates leave for elsewhere; those who stay fit, more or less, what is needed."""
    needed = _needed(body)
    rows = list(programmes_of(body.consortium).filter(shares=None))
    leaving: dict[str, int] = defaultdict(int)
    for row in rows:
        for code in row.occupations.all():
            leaving[code.code] += _last_graduates(row)
    made = []
    for row in rows:
        for code in row.occupations.all():
            draw = Random(f"{code.code} {body.consortium.slug}")  # noqa: S311  a demo
            staying = draw.choice(STAY) * needed.get(code.code, 5)
            part = round(100 * staying / max(leaving[code.code], 1))
            most = 90 // row.occupations.count()
            percent = min(max(part, 1), most)
            made.append(Share(programme=row, occupation=code, percent=percent))
    Share.objects.bulk_create(made)


def _needed(body: Founded) -> dict[str, int]:
    last = body.consortium.releases.order_by("-year")[0]
    return dict(last.lines.values_list("occupation__code", "places"))


def _last_graduates(row: Programme) -> int:
    figures = [one.graduated for one in row.figures.all() if one.graduated is not None]
    return figures[-1] if figures else 0


def add_catalogue(release: Release, author: User, *, published: bool) -> None:
    catalogue = shortages.prepare_catalogue(release, by=author)
    _adjust(catalogue)
    if not published:
        return
    catalogue.foreword_zh = FOREWORD.format(name=release.consortium.short_name_zh)
    catalogue.save(update_fields=["foreword_zh"])
    moment = min(at(release.ends_on + timedelta(days=15), hour=15), clock.now())
    facts: dict[str, Any] = {"published_at": moment, "digest": digest_of(catalogue)}
    move(catalogue, Catalogue.State.PUBLISHED, by=author, **facts)


def _adjust(catalogue: Catalogue) -> None:
    """The experts put one entry a star higher."""
    rows = catalogue.entries.filter(level__gt=0, stars__lt=5).order_by("-index")
    expert = catalogue.consortium.roles.filter(kind="expert").first()
    if expert and (entry := rows.first()):
        level = min(entry.level + 1, Entry.Level.SEVERE)
        shortages.adjust_entry(
            entry, stars=entry.stars + 1, level=level, reason=ADJUSTED, by=expert.user
        )


def add_advice(body: Founded, author: User, today: date, state: str) -> None:
    """As far as ``state``; some schools have answered, one of them with a no."""
    report = advice.prepare_report(body.consortium, by=author)
    if state == Report.State.DRAFT:
        return
    advice.ask_schools(report, until=today + timedelta(days=21), by=author)
    asked = report.lines.filter(programme__isnull=False).exclude(verb=Advice.Verb.KEEP)
    for number, line in enumerate(asked.select_related("programme__school", "report")[:5]):
        _answer(line, adopted=number % 3 != 1)
    if state == Report.State.PUBLISHED:
        report.foreword_zh = ADVISED
        advice.edit_report(report, by=author)
        advice.publish_report(report, by=author)


def _answer(line: Advice, *, adopted: bool) -> None:
    if line.programme is None:
        return
    person = people_of(line.programme.school).order_by("pk").first()
    intake = line.evidence.get("own_intake")
    grows = {Advice.Verb.GROW: 1.2, Advice.Verb.SHRINK: 0.75, Advice.Verb.STOP: 0}
    planned = round((intake or 40) * grows.get(Advice.Verb(line.verb), 1)) if adopted else intake
    if person:
        reason = ADOPTED if adopted and line.verb == Advice.Verb.GROW else ""
        answer = Answer(
            advice=line,
            school=line.programme.school,
            adopted=adopted,
            reason=reason if adopted else DECLINED,
            planned_intake=planned,
        )
        advice.answer_advice(answer, by=person)
