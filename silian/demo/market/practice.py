"""What happened during the demo's internships: journals, visits, pay, an incident, results."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils.timezone import make_aware

from silian.demo.cast.founding import Founded
from silian.kernel.accounts.models import User
from silian.talent.assessments.models import Assessment, Mark
from silian.talent.complaints.models import Officer
from silian.talent.complaints.services import answer, complain
from silian.talent.internships.models import Internship
from silian.talent.practice.models import Entry, Guidance, Incident, Payment, Task
from silian.talent.practice.policy import due_for, monday, months_of

State = Internship.State
WEEKS = [
    ("入职培训，学习安全操作规程，认识车间和岗位。", "安全意识最重要，记住了急停位置。"),
    ("跟师傅识读图纸和工艺卡，练习使用量具。", "公差标注还不熟，回去查了教材。"),
    ("独立完成一道工序，师傅逐件复检。", "速度慢，但没有出现不合格品。"),
    ("参加班组质量分析会，整理检验记录。", "学会了用统计表找原因。"),
    ("协助设备点检和保养，更换易损件。", "设备说明书要先读再动手。"),
    ("完成小批量任务，写工作小结。", "能看懂整条工艺路线了。"),
]
LINES = [
    (1, 4, "岗位认识与安全"),
    (5, 12, "单项操作"),
    (13, 20, "综合任务"),
    (21, 26, "独立顶岗与总结"),
]


def practise(begun: list[Internship], teacher: User, today: date) -> None:
    """Plans, journals, visits, pay, and at 明水 an incident that was followed up."""
    Task.objects.bulk_create(
        Task(internship=row, first_week=first, last_week=last, title=title)
        for row in begun
        for first, last, title in LINES
    )
    Entry.objects.bulk_create(entry for row in begun for entry in journal(row, today))
    Guidance.objects.bulk_create(
        Guidance(
            internship=row,
            on=row.starts_on + timedelta(days=days),
            by=teacher if way != "work" else row.unit_mentor,
            way=way,
            hours=hours,
            about=about,
        )
        for row in begun
        for days, way, hours, about in VISITS
        if row.starts_on + timedelta(days=days) <= today
    )
    Payment.objects.bulk_create(
        payment for row in begun for payment in payments(row, today, late=row == begun[-1])
    )
    if begun[0].consortium.slug == "mingshui":
        add_incident(begun[0])


VISITS = [
    (14, "site", 2, "走访车间，查看工位和防护用品，学生适应良好。"),
    (30, "work", 6, "师傅示范并逐步讲解关键工序。"),
    (60, "online", 1, "视频了解进度，提醒按周写实习周记。"),
    (110, "site", 2, "中期检查，与企业导师核对实习计划。"),
]


def journal(row: Internship, today: date) -> list[Entry]:
    found: list[Entry] = []
    week = monday(row.starts_on)
    last = min(row.ends_on, today - timedelta(days=7))
    while week <= last:
        done, learnt = WEEKS[len(found) % len(WEEKS)]
        fresh = week > today - timedelta(days=14)
        answered = make_aware(datetime.combine(week + timedelta(days=6), time(20)))
        if fresh:
            entry = Entry(internship=row, week=week, done=done, learnt=learnt, state="submitted")
        else:
            entry = Entry(
                internship=row,
                week=week,
                done=done,
                learnt=learnt,
                hours=40,
                state="confirmed",
                answer="属实，继续保持。",
                answered_by=row.unit_mentor,
                answered_at=answered,
            )
        found.append(entry)
        week += timedelta(days=7)
    return found


def payments(row: Internship, today: date, *, late: bool) -> list[Payment]:
    """Paid on the 10th of the next month; one month of one student is still lacking."""
    found = []
    for month in months_of(row):
        paid_on = (month + timedelta(days=32)).replace(day=10)
        if paid_on > today:
            break
        found.append(
            Payment(
                internship=row,
                month=month,
                amount=due_for(row, month),
                paid_on=paid_on,
                by=row.unit_mentor,
                confirmed_at=make_aware(datetime.combine(paid_on, time(12))),
            )
        )
    return found[:-1] if late else found


def add_incident(row: Internship) -> None:
    assert row.unit_mentor is not None
    happened = make_aware(datetime.combine(row.starts_on + timedelta(days=40), time(10, 20)))
    Incident.objects.create(
        internship=row,
        happened_at=happened,
        severity=Incident.Severity.MINOR,
        what="更换刀具时划伤左手食指。",
        done="停机，清洗包扎，送园区卫生所处理。",
        notified="学校实习就业处、监护人、保险公司",
        notified_at=happened + timedelta(minutes=35),
        by=row.unit_mentor,
        follow_up="补做刀具更换安全培训，配发防割手套，保险已理赔。",
        closed_at=happened + timedelta(days=6),
    )


def assess(begun: list[Internship], keeper: User, draw: Random) -> None:
    over = [row for row in begun if row.state == State.FINISHED]
    marks: list[Mark] = []
    results: list[Assessment] = []
    for row in over:
        points = {part: [draw.randint(72, 96), draw.randint(72, 96)] for part in row.scheme}
        for part, (by_school, by_unit) in points.items():
            marks.append(Mark(internship=row, part=part, by=keeper, points=by_school))
            marks.append(Mark(internship=row, part=part, by=row.unit_mentor, points=by_unit))
        working = {
            part: {"weight": str(row.scheme[part]), "mean": f"{sum(both) / 2:.2f}"}
            for part, both in points.items()
        }
        weighed = (Decimal(w["weight"]) * Decimal(w["mean"]) for w in working.values())
        total = sum(weighed, Decimal()) / 100
        grade = "excellent" if total >= 90 else "good" if total >= 75 else "passed"
        results.append(
            Assessment(
                internship=row,
                points=total.quantize(Decimal("0.01")),
                grade=grade,
                working=working,
                summary="完成实习任务，态度认真。",
                by=keeper,
            )
        )
    Mark.objects.bulk_create(marks)
    Assessment.objects.bulk_create(results)


def add_complaints(body: Founded) -> None:
    """The guiding authority sits at the desk; one complaint is answered, one has come in."""
    consortium = body.consortium
    user = User.objects.filter(username=f"government.{consortium.slug}").first()
    if user is None or user.roles.exclude(organisation__kind="government").exists():
        return
    Officer.objects.create(consortium=consortium, user=user, kind="authority", start=body.day)
    first, _code = complain(
        consortium, about="hours", text="上个月连续两周每天十小时，不让请假。", by=None
    )
    answer(first, by=user, text="已到企业核实，工时已改正，加班费已补发。请继续反映。")
    complain(consortium, about="pay", text="报酬打到了班主任卡里再转给我们。", by=None)
