"""Rules of the demo's rounds beyond the plain ones, and what happened after a result."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from silian.demo.cast.invention import Inventor
from silian.kernel.accounts.models import User
from silian.talent.criteria.models import Criterion, Requirement, Reserve
from silian.talent.criteria.services import bring_scores
from silian.talent.offers import deciding, services
from silian.talent.offers.line import free_parts
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat

LEVEL = Reserve.Kind.LEVEL


def keep_places(found: Round) -> None:
    """Some larger seats keep a place for secondary schools; the largest runs only when full."""
    large = list(found.seats.filter(quota__gte=3).order_by("-quota", "pk")[:4])
    Reserve.objects.bulk_create(
        Reserve(seat=seat, kind=LEVEL, level=1, places=1, hard=number == 0)
        for number, seat in enumerate(large[1:])
    )
    if large:
        Seat.objects.filter(pk=large[0].pk).update(minimum=large[0].quota)


def weigh_criteria(found: Round, inventor: Inventor) -> None:
    """Points are those of the school and of an interview; with too few one may not wish."""
    Criterion.objects.create(
        round=found, title_zh="综合成绩", title_en="Overall points", source="record", weight=60
    )
    interview = Criterion.objects.create(
        round=found, title_zh="校企联合面试", title_en="Joint interview", weight=40
    )
    Requirement.objects.create(round=found, kind="points", number=Decimal(60))
    members = found.consortium.memberships.values("organisation")
    students = Student.objects.filter(school__in=members, graduates=found.graduates)
    keys = students.order_by("pk").values_list("pk", flat=True)
    scores = {key: Decimal(inventor.random.randint(60, 98)) for key in keys}
    secretary = User.objects.get(username=f"secretary.{found.consortium.slug}")
    bring_scores(interview, scores, by=secretary)


def settle(rows: QuerySet[Placement], state: str, now: datetime) -> None:
    """Answers of many at once, as they were some days ago: nobody is told of them anew."""
    reason = "已确定升学" if state == Placement.State.DECLINED else ""
    rows.update(**{"state": state, "answered_at": now, "reason": reason})


def after_the_result(found: Round, secretary: User) -> None:
    """A student gives a place back and the next in line is asked; one place is given by hand."""
    leaving = found.placements.filter(state="accepted", student__user__isnull=False).first()
    student = leaving.student.user if leaving else None
    if leaving and student:
        services.decline_offer(leaving, reason="家庭原因需返乡", by=student)
    without = (
        Student.objects.filter(wish_lists__round=found, placements=None).order_by("pk").first()
    )
    seat = next((it for it in found.seats.order_by("-pk") if free_parts(it)), None)
    if without and seat:
        reason = "该生因伤错过志愿修改期，经秘书处会议讨论给予剩余名额"
        deciding.give_place(found, without, seat, reason=reason, by=secretary)
