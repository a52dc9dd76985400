"""Which students a condition describes, as a filter for the database: for one or for all alike."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.kernel.codes.models import Code
from silian.talent.criteria.models import Condition, Score
from silian.talent.profiles.models import Student

Level, Kind = Position.Education, Condition.Kind
# the catalogue numbers vocational bachelors from 2 and 3, higher vocational from 4 and 5, and
# secondary programmes from 6 and 7; programmes of no catalogue go by the kind of school
BY_CODE = {Level.BACHELOR: "23", Level.COLLEGE: "45", Level.SECONDARY: "67"}
BY_SCHOOL = {
    Organisation.Kind.UNIVERSITY: Level.BACHELOR,
    Organisation.Kind.COLLEGE: Level.COLLEGE,
    Organisation.Kind.SECONDARY: Level.SECONDARY,
}


def level_of(prefix: str = "") -> Case:
    """The level at which a student studies; ``prefix`` leads to the student."""
    code, kind = f"{prefix}programme__code", f"{prefix}school__kind"
    known = [
        When(**{f"{code}__regex": f"^[{digits}][0-9]+$"}, then=Value(int(level)))
        for level, digits in BY_CODE.items()
    ]
    others = [When(**{kind: value}, then=Value(int(level))) for value, level in BY_SCHOOL.items()]
    return Case(*known, *others, default=Value(0), output_field=IntegerField())


def members_of(conditions: Iterable[Condition], on: date) -> QuerySet[Student]:
    """The students whom at least one of ``conditions`` describes on that day."""
    any_of = Q(pk__in=[])
    for condition in conditions:
        any_of |= described(condition, on)
    return Student.objects.annotate(level=level_of()).filter(any_of)


def holding(conditions: Sequence[Condition], student: Student, on: date) -> set[Condition]:
    """Those of ``conditions`` that describe ``student``, by one query."""
    if not conditions:
        return set()
    asked = {
        f"holds_{number}": Case(When(described(it, on), then=Value(True)), default=Value(False))
        for number, it in enumerate(conditions)
    }
    rows = Student.objects.annotate(level=level_of()).annotate(**asked).filter(pk=student.pk)
    answers = rows.values_list(*asked).get()
    return {it for it, holds in zip(conditions, answers, strict=True) if holds}


def described(condition: Condition, on: date) -> Q:
    """The filter of one condition, for students annotated with their ``level``."""
    number = condition.number
    enough = Score.objects.filter(criterion=condition.criterion_id, value__gte=number or 0)
    years = int(number or 0)
    filters: dict[str, Callable[[], Q]] = {
        Kind.SCHOOL: lambda: Q(school=condition.school_id),
        Kind.LEVEL: lambda: Q(level=condition.level),
        Kind.PROGRAMME: lambda: Q(programme__in=_under(condition.programme)),
        Kind.REGION: lambda: Q(school__region__in=_under(condition.region)),
        Kind.POINTS: lambda: Q(points__gte=number),
        Kind.CRITERION: lambda: Q(pk__in=enough.values("student")),
        Kind.AGE_FROM: lambda: Q(person__born_on__lte=_years_before(on, years)),
        Kind.AGE_TO: lambda: Q(person__born_on__gt=_years_before(on, years + 1)),
    }
    return filters[condition.kind]()


def _under(code: Code | None) -> QuerySet[Code]:
    return Code.objects.under(code) if code else Code.objects.none()


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for the 29th."""
    leap = (day.month, day.day) == (2, 29)
    return (day.replace(day=28) if leap else day).replace(year=day.year - years)
