"""Times the enrolment of very many people by one spreadsheet, step by step, and says the memory.

Run from the project's root:  python -m benchmarks.enrolments [--rows 50000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one), and leaves nothing behind. A part gets places, the rest stands on the waiting list.
"""

from collections.abc import Iterator
from datetime import timedelta

from stdnum.cn import ric

from benchmarks.running import rolled_back, timed, workbook

LIMIT = 120  # seconds for all of it, in a job with progress
PLACES = 30_000


def people(count: int) -> Iterator[tuple[str, str]]:
    """Invented names, and well-formed numbers that nobody holds: 000000 names no place."""
    for n in range(count):
        first = f"000000{1960 + n // 336_000 % 40}{1 + n // 28_000 % 12:02}{1 + n // 1000 % 28:02}"
        first += f"{n % 1000:03}"
        yield f"学员{n}", first + str(ric.calc_check_digit(first + "0"))


def measure(rows: int) -> None:
    from silian.education.courses.models import Course, Session  # noqa: PLC0415
    from silian.education.enrolments.imports import Group  # noqa: PLC0415
    from silian.education.enrolments.models import Enrolment  # noqa: PLC0415
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.kernel import clock  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.sheets import cells  # noqa: PLC0415
    from silian.kernel.sheets.checking import examine  # noqa: PLC0415
    from silian.kernel.sheets.reading import read  # noqa: PLC0415
    from silian.kernel.sheets.registry import sheet_named  # noqa: PLC0415

    sheet = sheet_named("enrolments.people")
    assert sheet
    today = clock.today()
    body = Consortium.objects.create(slug="benchmark", kind="municipal", name_zh="测量用")
    school = Organisation.objects.create(kind="college", name_zh="测量用学校")
    firm = Organisation.objects.create(kind="enterprise", name_zh="测量用企业")
    course = Course.objects.create(
        consortium=body, organiser=school, title_zh="测量", hours=16, published_at=clock.now()
    )
    session = Session.objects.create(
        course=course,
        number=1,
        place_zh="测量",
        places_max=PLACES,
        starts_on=today + timedelta(days=20),
        ends_on=today + timedelta(days=21),
        enrol_from=today,
        enrol_until=today + timedelta(days=10),
        price_other=100,
        min_age=16,
        state=Session.State.OPEN,
    )
    by = User.objects.create(username="benchmark", name="benchmark")
    group = Group(session, firm)
    fields = sheet.form(group).fields
    content = workbook([cells.label_of(*pair) for pair in fields.items()], people(rows))
    print(f"{rows} people, {len(content) / 1e6:.1f} MB")

    grid, first = timed("read the file", lambda: read(content))
    found, second = timed("dry run", lambda: examine(sheet, group, grid))
    assert len(found.rows) == rows and not found.problems, found.problems[:3]
    told: list[int] = []
    _count, third = timed(
        "save", lambda: sheet.save(found.rows, group, by=by, progress=told.append)
    )
    made = Enrolment.objects.filter(session=session)
    assert made.count() == rows and made.placed().count() == min(rows, PLACES) and told
    total = first + second + third
    print(f"{'all of it':40} {total:7.2f} s   {rows / total:.0f} people a second")
    assert total < LIMIT, f"more than {LIMIT} s"


if __name__ == "__main__":
    rolled_back(measure, about=__doc__, rows=50_000)
