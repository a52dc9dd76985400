import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.programmes.models import Programme, YearFigure
from silian.education.standards.models import Edition, Standard, Taught, Unit
from silian.governance.members.tests.factories import make_consortium, make_membership
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.talent.consents.models import Consent
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_school, make_student
from silian.talent.records.models import Entry, Interest

pytestmark = pytest.mark.django_db
ADDRESS = "/me/recommendations/"


def make_pupil(consent: bool = True) -> Student:
    """A student with a person, whose programme teaches one skill."""
    student = make_student(make_school())
    make_membership(make_consortium(), student.school)
    if consent:
        Consent.objects.create(
            person=student.person, purpose=Consent.Purpose.RECOMMENDATION, version=1, text="…"
        )
    return student


def teach(student: Student, skill: Skill, level: int = 3, state: str = "published") -> Programme:
    programme = Programme.objects.create(
        school=student.school, code=student.programme, level="college", name_zh="机械制造"
    )
    consortium = student.school.memberships.get().consortium
    standard = Standard.objects.create(
        consortium=consortium, programme=programme, kind="course", title_zh="数控"
    )
    edition = Edition.objects.create(standard=standard, number=1)
    unit = Unit.objects.create(edition=edition, order=1, title_zh="编程")
    Taught.objects.create(unit=unit, skill=skill, level=level)
    Edition.objects.filter(pk=edition.pk).update(state=state, published_on=clock.today())
    return programme


def offer(student: Student, *skills: Skill, **fields: object) -> Position:
    position = make_position(student.school.memberships.get().consortium, **fields)  # type: ignore[arg-type]
    for skill in skills:
        position.skill_needs.create(skill=skill, level=3)
    return position


def test_it_says_why_and_what_is_missing(client: Client) -> None:
    student = make_pupil()
    known, unknown = (Skill.objects.create(name_zh=name) for name in ("数控编程", "三坐标测量"))
    teach(student, known)
    fitting = offer(student, known, unknown, title_en="Lathe operator")
    fitting.programmes.add(student.programme)
    offer(student, unknown, title_en="Metrologist")  # nothing of it fits
    offer(student, known, title_en="Doctor", education=5)
    client.force_login(student.user)
    page = client.get(ADDRESS)
    assert [one.position for one in page.context["found"]] == [fitting]
    assert "Your programme is named by the employer" in page.text
    assert "Your courses teach: 数控编程" in page.text
    assert "Neither in your courses nor in your record: 三坐标测量" in page.text
    # of 75 points: half of the skills' 50, and the programme's 25
    assert page.context["found"][0].score == round(100 * (25 + 25) / 75)


def test_what_one_looks_for_is_not_kept_and_moves_the_order(client: Client) -> None:
    student = make_pupil()
    skill = Skill.objects.create(name_zh="数控编程")
    teach(student, skill)
    here = make_code(CodeList.Kind.REGION, "330303", name_zh="龙湾区")
    work = offer(student, skill)
    practice = offer(student, skill, kind="internship", region=here)
    client.force_login(student.user)
    page = client.get(f"{ADDRESS}?kinds=internship&region=330303")
    assert [one.position for one in page.context["found"]] == [practice, work]
    assert "In a place you chose: Entry" in page.text or "龙湾区" in page.text
    assert "Of a kind you chose: Internship" in page.text


def test_the_record_counts_and_is_named_as_the_reason(client: Client) -> None:
    student = make_pupil()
    taught, stated = (Skill.objects.create(name_zh=name) for name in ("数控编程", "三坐标测量"))
    teach(student, taught)
    Entry.objects.create(person=student.person, kind="skill", skill=stated, level=4)
    here = make_code(CodeList.Kind.REGION, "330303")
    wanted = make_code(CodeList.Kind.OCCUPATION, "6-18-01-01")
    interest = Interest.objects.create(person=student.person, kinds=["internship"])
    interest.regions.add(here)
    interest.occupations.add(wanted)
    offer(student, taught, stated, kind="internship", region=here, occupation=wanted)
    client.force_login(student.user)
    text = client.get(ADDRESS).text
    assert "Your courses teach: 数控编程" in text and "Your record states: 三坐标测量" in text
    assert "By your record you look for this occupation" in text
    assert "By your record you look for work here" in text
    assert "By your record you look for this kind: Internship" in text
    other = client.get(f"{ADDRESS}?kinds=employment").text  # what is asked here goes before
    assert "By your record you look for this kind" not in other
    Entry.objects.all().delete()
    assert "Your record states" not in client.get(ADDRESS).text


def test_without_consent_nothing_of_the_person_is_read(client: Client) -> None:
    student = make_pupil(consent=False)
    skill = Skill.objects.create(name_zh="数控编程")
    teach(student, skill)
    position = offer(student, skill)
    client.force_login(student.user)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(ADDRESS)
    assert page.context["found"] == []
    assert "switched off" in page.text
    assert position.title_en in page.text  # the list for everybody is there
    read = [query["sql"] for query in asked]
    tables = "programmes_programme standards_taught records_entry records_interest".split()
    assert not [sql for sql in read if any(f'FROM "{table}"' in sql for table in tables)]


def test_a_withdrawn_consent_switches_it_off(client: Client) -> None:
    student = make_pupil()
    Consent.objects.update(withdrawn_at=Consent.objects.get().given_at)
    client.force_login(student.user)
    assert "switched off" in client.get(ADDRESS).text


def test_who_is_no_student_gets_the_list_for_everybody(client: Client) -> None:
    position = make_position()
    assert client.get(ADDRESS).status_code == 302
    client.force_login(make_user())
    assert position.title_en in client.get(ADDRESS).text


def test_only_standards_in_force_count(client: Client) -> None:
    student = make_pupil()
    skill = Skill.objects.create(name_zh="数控编程")
    teach(student, skill, state="draft")
    offer(student, skill)
    client.force_login(student.user)
    assert client.get(ADDRESS).context["found"] == []


def test_programmes_that_fit_a_position_are_numbers(client: Client) -> None:
    student = make_pupil()
    skill = Skill.objects.create(name_zh="数控编程")
    programme = teach(student, skill)
    for year, count in ((2024, 90), (2025, 87)):
        YearFigure.objects.create(programme=programme, year=year, graduated=count)
    other = Programme.objects.create(school=student.school, level="college", name_zh="护理")
    position = offer(student, skill, Skill.objects.create(name_zh="装配"))
    position.programmes.add(student.programme)
    address = f"/{position.consortium.slug}/demand/{position.pk}/programmes/"
    page = client.get(address)
    supply = page.context["supplies"][0]
    assert (supply.programme, supply.covered, supply.asked) == (programme, 1, 2)
    assert (supply.graduates, supply.year, supply.missing) == (87, 2025, ["装配"])
    assert other.name_zh not in page.text
    assert student.name not in page.text
    assert address in client.get(position.get_absolute_url()).text
    Position.objects.update(state="draft", published_at=None, asked_on=None)
    assert client.get(address).status_code == 404


def test_recommending_asks_as_often_for_20_rows_as_for_one(client: Client) -> None:
    student = make_pupil()
    skill = Skill.objects.create(name_zh="数控编程")
    teach(student, skill)
    client.force_login(student.user)
    counts = []
    for more in (1, 19):
        for _ in range(more):
            offer(student, skill)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as asked:
            client.get(ADDRESS)
        counts.append(len(asked))
    assert counts[0] == counts[1]
