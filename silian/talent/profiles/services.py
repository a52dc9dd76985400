"""What a school's office does with its students. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.services import invite, revoke_invitation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import move
from silian.talent.profiles.models import Person, Student

COLUMNS = "name programme class_name entered graduates points email phone".split()


@transaction.atomic
def person_of(user: User) -> Person:
    """The person whose account ``user`` is; written down when first asked for."""
    person, _new = Person.objects.get_or_create(user=user, defaults={"name": str(user)})
    return person


@transaction.atomic
def save_student(student: Student, *, by: User) -> Student:
    """Keep a new or changed student."""
    new = student.pk is None
    if new:
        student.person = Person.objects.create(name=student.name)
    student.save()
    action = gettext_noop("Student entered") if new else gettext_noop("Student changed")
    record(student, action, by=by)
    return student


@transaction.atomic
def enter_students(rows: Sequence[dict[str, Any]], *, school: Organisation, by: User) -> int:
    """Enter the students of a sheet; who has a known number is brought up to date."""
    known = dict(school.students.values_list("number", "person"))
    new = [Person(name=row["name"]) for row in rows if row["number"] not in known]
    arrived = iter(Person.objects.bulk_create(new, batch_size=2000))
    students = [
        Student(school=school, person_id=known.get(row["number"]) or next(arrived).pk, **row)
        for row in rows
    ]
    Student.objects.bulk_create(
        students,
        update_conflicts=True,
        unique_fields=["school", "number"],
        update_fields=COLUMNS,
        batch_size=2000,
    )
    record(school, gettext_noop("Students imported"), by=by, count=len(students))
    return len(students)


@transaction.atomic
def invite_student(student: Student, *, by: User) -> None:
    """Offer the student an account by a link; a former link stops working."""
    if student.invitation and not student.invitation.accepted_at:
        revoke_invitation(student.invitation, by=by)
    student.invitation = invite(
        kind=Role.Kind.STUDENT,
        name=student.name,
        email=student.email,
        organisation=student.school,
        by=by,
    )
    student.save(update_fields=["invitation"])


@transaction.atomic
def invite_students(students: Iterable[Student], *, by: User) -> int:
    """Invite each of ``students``; return how many they are."""
    invited = list(students)
    for student in invited:
        invite_student(student, by=by)
    return len(invited)


@transaction.atomic
def join_account(student: Student, *, user: User) -> None:
    """The account that took up the student's invitation is the student's from now on."""
    student.user = user
    student.person = _merged(student.person, user)
    student.save(update_fields=["user", "person"])
    record(student, gettext_noop("Account joined"), by=user)


def _merged(person: Person, user: User) -> Person:
    """The one person of an account: ``person``, unless the account has been somebody already."""
    already = Person.objects.filter(user=user).first()
    if already is None:
        person.user = user
        person.save(update_fields=["user"])
    return already or person


def mark_graduated(student: Student, *, by: User) -> None:
    move(student, Student.State.GRADUATED, by=by)


def mark_left(student: Student, *, reason: str, by: User) -> None:
    move(student, Student.State.LEFT, by=by, why=reason)
