"""What a school's office does with its students. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.services import invite, revoke_invitation
from silian.kernel import clock, vault
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.states import move
from silian.talent.profiles import enrolling
from silian.talent.profiles.models import Doubt, Student

COLUMNS = "number name programme class_name entered graduates points email phone".split()
LEARNT = ["name", "id_sealed", "id_digest", "born_on", "gender", *enrolling.GUARDIAN]
BATCH = 2000


@transaction.atomic
def save_student(
    student: Student,
    *,
    by: User,
    id_number: str = "",
    guardian: Mapping[str, str] | None = None,
) -> Student:
    """Keep a new or changed student; with a number, whoever has it is this student's person."""
    new = student.pk is None
    if new:
        student.person = Person.objects.create(name=student.name)
    person = student.person
    known = enrolling.known_numbers(student.school, [id_number]) if id_number else {}
    holder = known.get(id_number)
    own = holder is not None and holder.enrolments.filter(school=student.school).exists()
    doubt = None if own or not holder or enrolling.fits(person, holder, student.name) else holder
    if holder and not doubt:
        person = identity.brought_together(person, holder)
    elif id_number:
        identity.set_number(person, id_number, in_doubt=doubt is not None)
    for name, value in (guardian or {}).items():
        setattr(person, name, value)
    person.name = student.name
    person.save()
    student.person = person
    student.save()
    if doubt:
        _doubt([(person, doubt)])
    action = gettext_noop("Student entered") if new else gettext_noop("Student changed")
    record(student, action, by=by)
    return student


@transaction.atomic
def enter_students(rows: Sequence[dict[str, Any]], *, school: Organisation, by: User) -> int:
    """Enter the students of a sheet; who is known is brought up to date, by the student number or
    by the identity number. Raises ValidationError where rows came to contradict what is known.
    """
    found = enrolling.compare(rows, school)
    if faulty := next(enrolling.faults(found), None):
        raise ValidationError(faulty[2])
    people = _people_of(found)
    students = []
    for match, person in zip(found.matches, people, strict=True):
        student = match.student or Student(school=school)
        student.person = person
        for name in COLUMNS:
            if name in match.row:
                setattr(student, name, match.row[name])
        students.append(student)
    Student.objects.bulk_create([s for s in students if s.pk is None], batch_size=BATCH)
    changed = [s for s in students if s.pk is not None]
    Student.objects.bulk_update(changed, [*COLUMNS, "person"], batch_size=BATCH)
    facts = {"new": found.new, "known": found.known, "missing": found.missing}
    record(school, gettext_noop("Students imported"), by=by, count=len(students), **facts)
    return len(students)


def _people_of(found: enrolling.Comparison) -> list[Person]:
    """The person of each row: the holder of its number, the student's, or a new one."""
    people, new, changed = [], [], []
    for match in found.matches:
        person = match.student.person if match.student else None
        if match.holder and person:
            person = identity.brought_together(person, match.holder)
        person = match.holder or person if person is None else person
        if person is None:
            person = Person(name=match.row["name"])
            new.append(person)
        else:
            changed.append(person)
        _learn(person, match.row, in_doubt=match.doubt is not None)
        people.append(person)
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(changed, LEARNT, batch_size=BATCH)
    pairs = zip(people, found.matches, strict=True)
    _doubt([(person, match.doubt) for person, match in pairs if match.doubt])
    return people


def _doubt(pairs: Iterable[tuple[Person, Person]]) -> None:
    """Let the system administrator compare these; a question that waits is not asked again."""
    doubts = [Doubt(person=person, holder=holder) for person, holder in pairs]
    Doubt.objects.bulk_create(doubts, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def bring_together(doubt: Doubt, *, reason: str, by: User) -> None:
    """They are one human being: everything of both is one row from now on."""
    move(doubt, Doubt.State.TOGETHER, by=by, why=reason, reason=reason)
    identity.brought_together(doubt.holder, doubt.person)


@transaction.atomic
def keep_apart(doubt: Doubt, *, reason: str, by: User) -> None:
    """They are two; the school's student keeps the number that the school gave."""
    move(doubt, Doubt.State.APART, by=by, why=reason, reason=reason)


def _learn(person: Person, row: Mapping[str, Any], *, in_doubt: bool) -> None:
    """What a row says of the human being; somebody who asked to be forgotten stays so."""
    if person.forgotten_at:
        return
    person.name = row["name"]
    if row.get("id_number") and not person.id_sealed:
        identity.set_number(person, row["id_number"], in_doubt=in_doubt)
    for name in enrolling.GUARDIAN:
        if row.get(name):
            setattr(person, name, row[name])


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
    student.person = _person_joined(student.person, user)
    student.save(update_fields=["user", "person"])
    record(student, gettext_noop("Account joined"), by=user)


def _person_joined(person: Person, user: User) -> Person:
    """The one person of an account: ``person``, unless the account has been somebody already."""
    already = Person.objects.filter(user=user).first()
    if already and identity.may_be_one(person, already):
        return identity.brought_together(already, person)
    if already is None:
        person.user = user
        person.save(update_fields=["user"])
    return person


@transaction.atomic
def mark_graduated(student: Student, *, by: User) -> None:
    move(student, Student.State.GRADUATED, by=by)
    _end(student)


@transaction.atomic
def mark_left(student: Student, *, reason: str, by: User) -> None:
    move(student, Student.State.LEFT, by=by, why=reason)
    _end(student)


def _end(student: Student) -> None:
    """Whoever asked to be forgotten while enrolled is forgotten by the roster too, now."""
    if student.person.forgotten_at:
        forget_person(student.person)


@transaction.atomic
def forget_person(person: Person) -> None:
    """Keep nothing that tells who this was, but for the roster of a school that teaches them."""
    taught = False
    for student in person.enrolments.select_related("invitation"):
        student.user, student.email, student.phone = None, "", ""
        _forget_invitation(student)
        if student.state == Student.State.ENROLLED:
            taught = True
        else:
            student.name, student.class_name, student.points = "", "", None
            student.number = f"-{student.pk}"
        student.save()
    person.name = person.name if taught else ""
    person.user = person.born_on = person.id_sealed = person.id_digest = None
    person.gender = person.guardian_name = person.guardian_phone = person.guardian_email = ""
    person.forgotten_at = person.forgotten_at or clock.now()
    Doubt.objects.filter(Q(person=person) | Q(holder=person)).delete()
    person.save()


def _forget_invitation(student: Student) -> None:
    invitation = student.invitation
    if invitation:
        student.invitation = None
        invitation.name = invitation.email = ""
        invitation.save(update_fields=["name", "email"])


def seal_again() -> int:
    """Seal every number with the key in use, batch by batch; how many there were."""
    people = Person.objects.filter(id_sealed__isnull=False).order_by("pk")
    keys = list(people.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            batch = list(people.filter(pk__in=keys[start : start + BATCH]).select_for_update())
            for person in batch:
                number = vault.opened(bytes(person.id_sealed or b""))
                identity.set_number(person, number, in_doubt=person.id_digest is None)
            Person.objects.bulk_update(batch, ["id_sealed", "id_digest"])
    return len(keys)
