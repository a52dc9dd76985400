from datetime import timedelta
from typing import Any

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.services import complete_if_all
from silian.kernel import clock
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.persons.models import Person
from silian.kernel.states import move
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import consents
from silian.talent.consents.tests.factories import make_consent
from silian.talent.contracts.services import offer
from silian.talent.internships.models import Internship
from silian.talent.internships.services import check_card, start
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_student
from silian.talent.safeguards.models import Policy, SiteCheck

DAYS = 150


def make_intern(school: Organisation, **fields: object) -> Student:
    """A second-year student of age in a mechanical programme, with a guardian."""
    today = clock.today()
    code = str(fields.pop("code", "460104"))
    known = Code.objects.filter(list__kind=CodeList.Kind.PROGRAMME, code=code).first()
    fields.setdefault("programme", known or make_code(CodeList.Kind.PROGRAMME, code))
    fields.setdefault("entered", today.year - 2)
    fields.setdefault("graduates", today.year + 1)
    person_facts = {
        name: fields.pop(name)
        for name in ("born_on", "gender", "guardian_name", "guardian_email")
        if name in fields
    }
    student = make_student(school, **fields)
    facts: dict[str, object] = {"born_on": today - timedelta(days=365 * 19), "gender": "male"}
    facts |= {"guardian_name": "林父", "guardian_email": "guardian@example.com"}
    Person.objects.filter(pk=student.person_id).update(**(facts | person_facts))
    student.person.refresh_from_db()
    return student


def make_internship(
    consortium: Consortium | None = None,
    *,
    school: Organisation | None = None,
    unit: Organisation | None = None,
    student: Student | None = None,
    named: bool = True,
    **fields: Any,
) -> Internship:
    """A prepared post internship that keeps every rule which does not wait for signatures.

    Where ``named``, the student lets the unit know who they are.
    """
    consortium = consortium or make_consortium()
    school = school or (student and student.school) or make_organisation(Organisation.Kind.COLLEGE)
    unit = unit or make_organisation(staff_count=500)
    for member in (school, unit):
        if not consortium.memberships.filter(organisation=member).exists():
            make_membership(consortium, member)
    student = student or make_intern(school)
    if named and not consents(student.person, Consent.Purpose.INTERNSHIP, unit):
        make_consent(student.person, Consent.Purpose.INTERNSHIP, unit, by_guardian="林父")
    today = clock.today()
    starts = fields.get("starts_on") or today
    insurance = Policy.objects.create(
        holder=school,
        insurer="平安责任险",
        number=f"P{Policy.objects.count():06}",
        starts_on=starts - timedelta(days=1),
        ends_on=starts + timedelta(days=400),
    )
    SiteCheck.objects.create(
        school=school,
        unit=unit,
        checked_on=starts - timedelta(days=10),
        valid_until=starts + timedelta(days=300),
        by=make_staff(school),
        checkers="实习处",
        findings="资质、场所和安全措施符合要求。",
    )
    facts: dict[str, Any] = {
        "consortium": consortium,
        "student": student,
        "unit": unit,
        "starts_on": starts,
        "ends_on": starts + timedelta(days=DAYS),
        "post": "装配钳工",
        "tasks": "装配、调试和检验减速机。",
        "category": "46",
        "post_staff": 100,
        "hours_a_day": 8,
        "hours_a_week": 40,
        "pay": 3200,
        "wage": 4000,
        "probation_wage": 3600,
        "school_mentor": make_staff(school),
        "unit_mentor": make_staff(unit),
        "insurance": insurance,
        "guardian_name": student.person.guardian_name,
        "guardian_email": student.person.guardian_email,
    }
    internship = Internship.objects.create(**(facts | fields))
    return Internship.objects.get(pk=internship.pk)


def sign_all(internship: Internship) -> None:
    """Everybody signs, as if on screen; the evidence itself is signatures' business."""
    process = Process.objects.get(agreement=internship.agreement_id, state=Process.State.OPEN)
    for signatory in process.signatories.all():
        move(signatory, Signatory.State.SIGNED, by=None)
    complete_if_all(process, by=None)
    internship.refresh_from_db()


def make_offered(internship: Internship | None = None, **fields: Any) -> Internship:
    internship = internship or make_internship(**fields)
    offer(internship, by=make_staff(internship.student.school))
    internship.refresh_from_db()
    return internship


def make_agreed(internship: Internship | None = None, **fields: Any) -> Internship:
    internship = make_offered(internship, **fields)
    sign_all(internship)
    return internship


def make_running(internship: Internship | None = None, **fields: Any) -> Internship:
    internship = make_agreed(internship, **fields)
    check_card(internship, by=make_staff(internship.unit))
    internship.refresh_from_db()
    start(internship, by=make_staff(internship.student.school))
    return Internship.objects.get(pk=internship.pk)
